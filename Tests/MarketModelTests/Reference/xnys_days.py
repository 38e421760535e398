"""The New York Stock Exchange's days, by the PyPI package exchange_calendars.

One line a calendar day from 2004-01-01 to 2027-12-31: the date, then `-` when it is no trading day, else the
open and the close in Unix seconds.
"""

import datetime

import exchange_calendars

FIRST, LAST = datetime.date(2004, 1, 1), datetime.date(2027, 12, 31)


def main():
    calendar = exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST))
    hours = {
        session.date(): (int(row["open"].timestamp()), int(row["close"].timestamp()))
        for session, row in calendar.schedule.iterrows()
    }
    day = FIRST
    while day <= LAST:
        print(day, *(hours.get(day, "-")))
        day += datetime.timedelta(days=1)


main()
