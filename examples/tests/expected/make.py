#!/usr/bin/env python3
"""Computes what the three shipped workflows must give for January 2013, without any code of `flow`.

Run it in this folder; it writes the CSV files beside it, which the tests compare with what `flow` computes.
"""
import csv
import gzip
import statistics
from collections import defaultdict

DATA = "../../data/nycflights13-2013-01/"


def table(name):
    opened = gzip.open(DATA + name, "rt", newline="") if name.endswith(".gz") else open(DATA + name, newline="")
    with opened as file:
        return list(csv.DictReader(file))


def number(text):
    return None if text in ("", "NA") else float(text)


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def shown(value):
    return "" if value is None else int(value) if value == int(value) else repr(value)


flights = table("flights.csv.gz")

airlines = {row["carrier"]: row["name"] for row in table("airlines.csv")}
groups = defaultdict(list)
for flight in flights:
    if number(flight["dep_delay"]) is not None:
        groups[flight["carrier"]].append((number(flight["dep_delay"]), number(flight["arr_delay"])))
rows = []
for carrier, delays in groups.items():
    departures = [departure for departure, _ in delays]
    made_up = [departure - arrival for departure, arrival in delays if arrival is not None]
    rows.append([
        carrier,
        airlines[carrier],
        len(delays),
        statistics.fmean(departures),
        statistics.median(departures),
        max(departures),
        statistics.fmean([100 if departure > 15 else 0 for departure in departures]),
        statistics.fmean(made_up),
    ])
rows.sort(key=lambda row: -row[3])
write(
    "delay-by-carrier.csv",
    ["carrier", "airline", "flights", "mean delay", "median delay", "longest", "late %", "made up in the air"],
    [[*row[:2], *map(shown, row[2:])] for row in rows],
)

airports = {row["faa"]: row["name"] for row in table("airports.csv")}
groups = defaultdict(list)
for flight in flights:
    if number(flight["arr_delay"]) is not None and number(flight["distance"]) > 0:
        speed = number(flight["distance"]) / (number(flight["air_time"]) / 60)
        groups[flight["origin"], flight["dest"]].append((number(flight["arr_delay"]), speed))
rows = []
for (origin, dest), members in groups.items():
    if len(members) >= 20:
        delays = [delay for delay, _ in members]
        rows.append([
            dest,
            airports.get(origin, ""),
            airports.get(dest, ""),
            len(members),
            statistics.fmean(delays),
            statistics.median(delays),
            max(delays),
            statistics.fmean([speed for _, speed in members]),
        ])
rows.sort(key=lambda row: (-row[4], row[0]))
write(
    "worst-routes.csv",
    ["from", "to", "flights", "mean delay", "median delay", "longest", "mph"],
    [[*row[1:3], *map(shown, row[3:])] for row in rows[:10]],
)

planes = {row["tailnum"]: row for row in table("planes.csv")}
groups = defaultdict(list)
for flight in flights:
    plane = planes.get(flight["tailnum"])
    if number(flight["dep_delay"]) is None or plane is None or number(plane["year"]) is None:
        continue
    age = number(flight["year"]) - number(plane["year"])
    if age >= 0:
        groups[plane["manufacturer"], age // 10 * 10].append((number(flight["dep_delay"]), number(flight["distance"])))
rows = []
for (maker, age), members in sorted(groups.items()):
    if len(members) >= 100:
        delays = [delay for delay, _ in members]
        rows.append([
            maker,
            age,
            len(members),
            statistics.fmean(delays),
            statistics.median(delays),
            sum(distance for _, distance in members),
        ])
write(
    "delay-by-plane.csv",
    ["manufacturer", "age from", "flights", "mean delay", "median delay", "miles"],
    [[row[0], *map(shown, row[1:])] for row in rows],
)
