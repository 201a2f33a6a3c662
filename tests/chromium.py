"""A real browser, Debian's Chromium, for the tests of pages that run in one. It knows no network but this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import JavascriptException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
IS_THERE = BROWSER is not None and DRIVER is not None
PATIENCE = 30  # seconds; a slow machine gets its time
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * 127.0.0.1",  # every name is this machine
)


class Window:
    """The one window of a browser, empty of what tests before have left."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        driver.get("about:blank")
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def open(self, address: str) -> "Window":
        """Open a page."""
        self.driver.get(address)
        return self

    def enter_frame(self) -> "Window":
        """Go on in the first frame of the page."""
        self.driver.switch_to.frame(0)
        return self

    def run(self, script: str) -> Any:
        """Run a script in the page or frame."""
        return self.driver.execute_script(script)

    def wait_for(self, script: str) -> Any:
        """Wait until a script returns something that is true, also across a change of pages, and return that."""
        waiting = WebDriverWait(self.driver, PATIENCE, 0.05, ignored_exceptions=[JavascriptException])
        return waiting.until(lambda driver: driver.execute_script(script))

    def text(self, selector: str) -> str:
        """The text of the first element a selector finds."""
        return str(self.driver.find_element(By.CSS_SELECTOR, selector).text)

    def click(self, selector: str) -> None:
        """Click on the first element a selector finds."""
        self.driver.find_element(By.CSS_SELECTOR, selector).click()


@contextmanager
def browser(profile: Path) -> Iterator[Chrome]:
    """Run a browser with a fresh profile for the time of a block."""
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = Chrome(options, Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()
