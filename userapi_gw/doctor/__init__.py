"""Looks at a server before the gateway is put in front of it: what works there, what the gateway keeps, what cannot be.

`needs` is the one table of methods the gateway calls; `facts` says what known servers lack, for the README.
"""

from userapi_gw.doctor.examination import Examination, examine
from userapi_gw.doctor.report import as_json, as_text

__all__ = ["Examination", "as_json", "as_text", "examine"]
