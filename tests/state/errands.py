"""A table of jobs for tests, and a process that takes one of them: `python -m tests.state.errands URL begin`."""

import sys
import time
from collections.abc import Callable

from sqlalchemy import Column, MetaData, String, Table

from userapi_gw.state.database import Database
from userapi_gw.state.jobs import Backoff, Jobs, job_columns

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})
errands = Table("errands", metadata, *job_columns(), Column("name", String(64), nullable=False, unique=True))

LEASE = 10.0


def jobs_on(database: Database, clock: Callable[[], float] = time.time, lease: float = LEASE) -> Jobs:
    with database.write() as connection:
        metadata.create_all(connection)
    return Jobs(database, errands, clock, lease=lease, backoff=Backoff(first=2, longest=8, tries=4))


def main() -> None:
    """Take a row, say its name, and never end with it."""
    jobs = jobs_on(Database(sys.argv[1]), lease=0.3)
    (job,) = jobs.claim()
    if sys.argv[2] == "begin":
        assert jobs.begin(job)
    print(job.row["name"], flush=True)
    time.sleep(100)


if __name__ == "__main__":
    main()
