"""What came of a comparison, for people (table, page) and for programs (JSON, JUnit XML)."""

from userapi_gw.compare.reports.as_json import write_json
from userapi_gw.compare.reports.junit import write_junit
from userapi_gw.compare.reports.page import write_page
from userapi_gw.compare.reports.report import Report
from userapi_gw.compare.reports.table import print_tables

__all__ = ["Report", "print_tables", "write_json", "write_junit", "write_page"]
