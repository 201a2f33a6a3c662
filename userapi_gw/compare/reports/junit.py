"""A comparison as JUnit XML, which build servers show: a test case for each exchange."""

import re
from io import TextIOWrapper
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from userapi_gw.compare.reports.report import Report
from userapi_gw.compare.results import Result

SUITE = "userapi-gw compare"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, file: TextIOWrapper) -> None:
    """Write a comparison, one exchange after the other."""
    verdicts = report.totals.verdicts()
    counts = {"tests": str(verdicts.total()), "failures": str(verdicts["divergent"] + verdicts["unserved"])}
    xml = XMLGenerator(file, "utf-8")
    xml.startDocument()
    xml.startElement("testsuites", AttributesImpl(counts))
    xml.startElement("testsuite", AttributesImpl({"name": SUITE, "errors": "0", "skipped": "0", **counts}))
    for result in report.comparison.results:
        _case(xml, report, result)
    xml.endElement("testsuite")
    xml.endElement("testsuites")
    xml.endDocument()


def _case(xml: XMLGenerator, report: Report, result: Result) -> None:
    name = f"{result.old or '-'} | {result.new or '-'} {report.asked(result)}"
    named = {"classname": f"{SUITE}.{_clean(result.act) or 'other'}", "name": _clean(name)}
    xml.startElement("testcase", AttributesImpl(named))
    if result.verdict != "matched":
        first = result.reason or result.differences[0].told()
        xml.startElement("failure", AttributesImpl({"type": result.verdict, "message": _clean(first)}))
        xml.characters(_clean("\n".join(one.told() for one in result.differences)))
        xml.endElement("failure")
    xml.endElement("testcase")


def _clean(text: str) -> str:
    """Return a text that XML may hold; answers hold anything."""
    return _NOT_XML.sub("\ufffd", text)
