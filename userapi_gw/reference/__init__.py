"""Countries, cities and schools that come with the program, for servers that have none of their own.

Each JSON file of this folder states where its facts come from: the public domain, the UserAPI documentation, or general
knowledge written down for this project, under whose licence all of it stands. The embedded backend is filled from
here; the acts turn to it only where a backend knows no places. Imports nothing of the project.
"""

from userapi_gw.reference.places import (
    CITIES,
    COUNTRIES,
    PART,
    SCHOOLS,
    UNIVERSITY,
    City,
    Country,
    School,
    Subdivision,
)

__all__ = [
    "CITIES",
    "COUNTRIES",
    "PART",
    "SCHOOLS",
    "UNIVERSITY",
    "City",
    "Country",
    "School",
    "Subdivision",
]
