"""The bytes of the demo's files, made here: pictures, PDF, Word documents, an icon, a video of no length.

Everything is a pure function of its arguments, so that a second crawl meets the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib

from crawler.demo.body import slug

MOSAIC = (36, 22)
"""Width and height of a photo in blocks of 8 pixels."""

# The luminance DC code lengths of the JPEG standard (ITU T.81, table K.3): code of size category 0 to 11.
DC_CODES = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110", "1111110", "11111110", "111111110"]
# Blocks are flat: after the DC value only "end of block" follows, the one symbol of our AC table.
END_OF_BLOCK = "0"


def photo(seed: str) -> bytes:
    """A JPEG of a landscape in coarse blocks; the seed chooses sky, land and the sun's place."""
    width, height = MOSAIC
    rows = [[landscape(seed, x / width, y / height) for x in range(width)] for y in range(height)]
    return jpeg(rows)


def landscape(seed: str, x: float, y: float) -> tuple[int, int, int]:
    """Red, green and blue at a point of the picture, both coordinates from 0 to 1."""
    mark = hashlib.blake2b(seed.encode(), digest_size=8).digest()
    horizon = 0.42 + mark[0] / 1020 + 0.08 * ((x * (2 + mark[1] % 4)) % 1 - 0.5)
    sun_x, sun_y = 0.15 + mark[2] / 365, 0.12 + mark[3] / 1275
    if (x - sun_x) ** 2 + (y - sun_y) ** 2 < 0.006:
        return 252, 232, 150
    if y < horizon:
        return 120 + mark[4] // 3 + int(40 * y), 165 + mark[5] // 6, 225 - mark[6] // 8
    shade = int(60 * (y - horizon))
    return 60 + mark[7] // 4 - shade // 2, 130 + mark[2] // 6 - shade, 60 + mark[5] // 5 - shade // 2


def jpeg(rows: list[list[tuple[int, int, int]]]) -> bytes:
    """A baseline JPEG, each given colour one flat block of 8 by 8 pixels."""
    height, width = len(rows), len(rows[0])
    segments = [
        b"\xff\xd8",
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        segment(0xDB, b"\0" + bytes([8] * 64)),
        segment(
            0xC0, struct.pack(">BHHB", 8, height * 8, width * 8, 3) + b"".join(bytes([i, 0x11, 0]) for i in (1, 2, 3))
        ),
        segment(0xC4, b"\0" + bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]) + bytes(range(12))),
        segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        segment(0xDA, b"\3\1\0\2\0\3\0\0\x3f\0"),
        scan(rows),
        b"\xff\xd9",
    ]
    return b"".join(segments)


def segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def scan(rows: list[list[tuple[int, int, int]]]) -> bytes:
    """The entropy-coded blocks: per colour channel the difference to the block before."""
    before = [0, 0, 0]
    bits = []
    for row in rows:
        for colour in row:
            for channel, value in enumerate(luminance(*colour)):
                bits.append(coded(value - before[channel]) + END_OF_BLOCK)
                before[channel] = value
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    return int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\0")


def luminance(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """Y, Cb and Cr less 128. A flat block's DC coefficient is 8 times its level; the quantiser of 8 takes that out."""
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    return round(y - 128), round(0.564 * (blue - y)), round(0.713 * (red - y))


def coded(difference: int) -> str:
    size = abs(difference).bit_length()
    value = difference if difference > 0 else difference + (1 << size) - 1
    return DC_CODES[size] + (format(value, f"0{size}b") if size else "")


def banner(seed: str, width: int = 160, height: int = 48) -> bytes:
    """A PNG in one colour with a lighter frame: logos, buttons, banners."""
    red, green, blue = (70 + byte // 2 for byte in hashlib.blake2b(seed.encode(), digest_size=3).digest())
    edge = bytes((min(red + 60, 255), min(green + 60, 255), min(blue + 60, 255)))
    full = b"\0" + edge * width
    inner = b"\0" + edge * 2 + bytes((red, green, blue)) * (width - 4) + edge * 2
    return png(width, height, full * 2 + inner * (height - 4) + full * 2)


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG from filtered RGB rows (each starts with its filter byte)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def icon(seed: str) -> bytes:
    """A favicon: an ICO that holds one PNG of 16 by 16."""
    image = banner(seed, 16, 16)
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 24, len(image), 22) + image


def pdf(title: str) -> bytes:
    """One page that prints the title without accents (the standard fonts have no Vietnamese letters)."""
    words = slug(title, 400).replace("-", " ").upper()
    lines = "".join(f"({words[start : start + 60]}) Tj T* " for start in range(0, len(words), 60))
    stream = f"BT /F1 14 Tf 18 TL 60 770 Td {lines}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    return bytes(out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


DOCX_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/document.xml": (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>TITLE</w:t></w:r></w:p></w:body></w:document>"
    ),
}


def docx(title: str) -> bytes:
    """A Word document of one paragraph, its parts dated 1980 (the earliest a zip knows)."""
    buffer = io.BytesIO()
    safe = title.replace("&", "&amp;").replace("<", "&lt;")
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in DOCX_PARTS.items():
            part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(
                part, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + xml.replace("TITLE", safe)
            )
    return buffer.getvalue()


def video() -> bytes:
    """An MP4 that holds a file type and an empty media box: enough to be fetched as a video."""
    return struct.pack(">I", 24) + b"ftypisom\0\0\2\0isommp41" + struct.pack(">I", 8) + b"mdat"


CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "ico": "image/x-icon",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "mp4": "video/mp4",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}


def document(name: str, title: str) -> bytes:
    """An attachment's bytes by the ending of its name. Raises KeyError for an ending nobody makes here."""
    return {"pdf": pdf, "docx": docx}[name.rsplit(".", 1)[-1]](title)
