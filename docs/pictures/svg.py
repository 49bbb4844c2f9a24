"""A terminal screen with its escape sequences (standard input) as an SVG picture (standard output)."""
import html
import re
import sys

WIDTH, HEIGHT, GROUND, TEXT = 8.4, 17, "#1e2127", "#d7dae0"
BASIC = ["#3f4451", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"]


def indexed(n):
    if n < 16:
        return BASIC[n % 8]
    if n >= 232:
        return "#%02x%02x%02x" % ((8 + 10 * (n - 232),) * 3)
    levels = [0, 95, 135, 175, 215, 255]
    n -= 16
    return "#%02x%02x%02x" % (levels[n // 36], levels[n // 6 % 6], levels[n % 6])


def change(style, codes):
    codes = [int(code or 0) for code in codes.split(";")]
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = {}
        elif code in (1, 2, 3, 4, 7):
            style = {**style, code: True}
        elif code in (22, 23, 24, 27):
            gone = {22: (1, 2), 23: (3,), 24: (4,), 27: (7,)}[code]
            style = {key: value for key, value in style.items() if key not in gone}
        elif code in (38, 48) and codes[:1] == [5]:
            style = {**style, "fg" if code == 38 else "bg": indexed(codes[1])}
            codes = codes[2:]
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = {**style, "fg": BASIC[code % 10]}
        elif code in (39, 49):
            style = {key: value for key, value in style.items() if key != ("fg" if code == 39 else "bg")}
    return style


def draw(x, y, text, style):
    front, back = style.get("fg", TEXT), style.get("bg", GROUND)
    if 7 in style:
        front, back = back, front
    if back != GROUND:
        shade = ' opacity="0.75"' if 2 in style else ""
        yield f'<rect x="{x * WIDTH:.1f}" y="{y * HEIGHT}" width="{len(text) * WIDTH:.1f}" height="{HEIGHT}" fill="{back}"{shade}/>'
    if text.strip():
        looks = ' font-weight="bold"' if 1 in style else ""
        looks += ' opacity="0.6"' if 2 in style and 7 not in style else ""
        looks += ' text-decoration="underline"' if 4 in style else ""
        yield (
            f'<text x="{x * WIDTH:.1f}" y="{y * HEIGHT + 13}" textLength="{len(text) * WIDTH:.1f}" fill="{front}"{looks}>'
            f"{html.escape(text)}</text>"
        )


lines = sys.stdin.read().rstrip("\n").split("\n")
shapes, style, columns = [], {}, 0
for y, line in enumerate(lines):
    x = 0
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        found = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if found:
            style = change(style, found[1])
        elif part:
            shapes.extend(draw(x, y, part, style))
            x += len(part)
    columns = max(columns, x)
size = f'width="{columns * WIDTH:.0f}" height="{len(lines) * HEIGHT}"'
print(f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:space="preserve" font-family="monospace" font-size="14">')
print(f'<rect width="100%" height="100%" fill="{GROUND}"/>')
print("\n".join(shapes))
print("</svg>")
