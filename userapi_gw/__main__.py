"""`python -m userapi_gw` is `userapi-gw`."""

from userapi_gw.cli import main

main()
