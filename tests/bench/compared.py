"""What the gateway is compared with: the least a Flask application can do for the same answer."""

import json
import os
from html import escape
from pathlib import Path

import requests
from flask import Flask, Response, request

from userapi_gw.backend.parse import USER_FIELDS

JSON_TYPE = "application/json; charset=utf-8"


def bare() -> Flask:
    """A route that answers the bytes of the file `BENCH_BODY`."""
    app, body = Flask("bare"), Path(os.environ["BENCH_BODY"]).read_bytes()

    @app.route("/data", methods=["GET", "POST"])
    def data() -> Response:
        return Response(body, content_type=JSON_TYPE)

    return app


def handwritten() -> Flask:
    """A view that makes the one call to `BENCH_BACKEND` with `requests` and converts the answer."""
    app, session = Flask("handwritten"), requests.Session()
    url = os.environ["BENCH_BACKEND"] + "/method/friends.get"

    @app.route("/data", methods=["GET", "POST"])
    def data() -> Response:
        form = {"user_id": request.args["id"], "fields": USER_FIELDS, "count": 5000, "v": "5.131", "access_token": "x"}
        rows = session.post(url, data=form, timeout=10).json()["response"]["items"]
        people = [
            [row["id"], escape(f"{row['first_name']} {row['last_name']}"), row["photo_100"], row["online"]]
            for row in rows
        ]
        return Response(json.dumps(people, ensure_ascii=False, separators=(",", ":")), content_type=JSON_TYPE)

    return app
