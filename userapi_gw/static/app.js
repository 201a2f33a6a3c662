// The app's own pages talk to VK, which shows them in a frame: a button opens one of VK's boxes, and what VK says
// afterwards is sent with the page's form. VK's script (setting vk_script) has made `VK`.
(function () {
    "use strict";
    var form = document.getElementById("form");

    function send(fields) {
        Object.keys(fields).forEach(function (name) {
            form.elements[name].value = fields[name];
        });
        form.submit();
    }

    function ready() {
        VK.addCallback("onSettingsChanged", function (mask) {
            send({mask: mask});
        });
        VK.addCallback("onGroupSettingsChanged", function (mask, key) {
            send({mask: mask, access_token: key});
        });
        VK.addCallback("onAllowMessagesFromCommunity", function () {
            send({mask: ""});
        });
        Array.prototype.forEach.call(document.querySelectorAll("button[data-box]"), function (button) {
            button.addEventListener("click", function () {
                var mask = button.getAttribute("data-mask");
                VK.callMethod.apply(VK, [button.getAttribute("data-box")].concat(mask ? [Number(mask)] : []));
            });
        });
    }

    if (window.VK) {
        VK.init(ready, function () {}, "5.131");
    }
}());
