"""Photographs every workspace of the studio in both themes, and records a short film of it.

    cargo build --release
    python3 docs/figures/studio_pictures.py --drawings DIR --subset DIR --out docs/studio [--film docs/studio.gif]

Needs Xvfb, xdotool, ImageMagick's `import` and, for the film, ffmpeg. Everything is done by keys and by the list of commands, as a person
could. What a person drew must not be published with the program: Categories is photographed with the built-in sketchbook, and elsewhere only
drawings of models are in sight.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import tempfile
import time

DISPLAY = ":93"
SIZE = (1440, 900)


class Studio:
    """The program on a display of its own, in a home of its own."""

    def __init__(self, binary, home, arguments):
        self.env = {**os.environ, "DISPLAY": DISPLAY, "LIBGL_ALWAYS_SOFTWARE": "1"}
        self.env.pop("WAYLAND_DISPLAY", None)
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            self.env[name] = str(home)
        self.program = subprocess.Popen([binary, *arguments], env=self.env, cwd=home, stderr=subprocess.DEVNULL)
        self.window = self.until(self.find)
        self.x("windowfocus", self.window)
        time.sleep(1)

    def x(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env=self.env, capture_output=True, text=True).stdout.strip()

    def find(self):
        found = self.x("search", "--onlyvisible", "--pid", str(self.program.pid)).splitlines()
        return found[-1] if found else None

    def until(self, what, patience=600):
        end = time.time() + patience
        while time.time() < end:
            found = what()
            if found:
                return found
            time.sleep(0.3)
        raise SystemExit("waited in vain")

    def keys(self, *keys):
        for key in keys:
            self.x("key", key)
            time.sleep(0.25)

    def command(self, words, *then):
        self.keys("ctrl+k")
        self.x("type", "--delay", "25", words)
        time.sleep(0.3)
        self.keys(*(then or ("Return", "Escape")))

    def idle(self):
        """Waits until nothing runs: the title is then the name alone."""
        time.sleep(0.6)
        self.until(lambda: self.x("getwindowname", self.window) == "Denoodle")
        time.sleep(0.6)

    def move(self, x, y):
        self.x("mousemove", str(x), str(y))

    def stroke(self, points):
        for i, point in enumerate(points):
            self.move(*point)
            time.sleep(0.05)
            if i == 0:
                self.x("mousedown", "1")
        self.x("mouseup", "1")

    def photograph(self, path):
        self.move(SIZE[0] - 2, SIZE[1] - 2)
        time.sleep(0.8)
        subprocess.run(["import", "-window", "root", "-depth", "8", "+dither", "-colors", "128", "-define", "png:compression-level=9", str(path)], env=self.env, check=True)
        print(path)

    def close(self):
        self.keys("ctrl+q")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.program.wait(20)
        self.program.kill()


def both(studio, out, name):
    """In this theme, and in the other one."""
    studio.photograph(out / f"{name}-light.png")
    studio.command("switch theme")
    time.sleep(0.5)
    studio.photograph(out / f"{name}-dark.png")
    studio.command("switch theme")


def opened(studio, out, name, words, *then):
    """What these words in the list of commands find or open, and Escape closes, in both themes."""
    for theme in ["light", "dark"]:
        studio.command(words, *then)
        studio.photograph(out / f"{name}-{theme}.png")
        studio.keys("Escape")
        studio.command("switch theme")
        time.sleep(0.5)


def light(studio):
    """The first theme is the desktop's; the photographs begin with the light one."""
    probe = "import -window root -crop 1x1+3+450 png:- | convert png:- -format '%[fx:mean]' info:"
    if float(subprocess.run(["sh", "-c", probe], env=studio.env, capture_output=True, text=True).stdout or 1) < 0.5:
        studio.command("switch theme")


# The ticks of the run that was just made and of the shipped cat, in Compare.
COMPARED = [(1145, 102), (1145, 136)]
# Radio buttons of Evaluate.
SKETCH, PYTORCH_FID = (1129, 252), (1129, 288)
FACE = [(560, 420), (600, 360), (680, 330), (760, 360), (800, 430), (780, 520), (700, 570), (620, 550), (570, 490), (560, 420)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default="target/release/denoodle")
    parser.add_argument("--drawings", required=True)
    parser.add_argument("--subset", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--film")
    parser.add_argument("--only", nargs="*", default=["categories", "play", "denoise", "draw", "interpolate", "train", "evaluate", "compare"])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    out, binary = options.out.resolve(), os.path.abspath(options.binary)
    server = subprocess.Popen(["Xvfb", DISPLAY, "-noreset", "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"], stderr=subprocess.DEVNULL)
    time.sleep(2)
    try:
        if "categories" in options.only:
            # A home of its own: the next window must find a newcomer.
            with tempfile.TemporaryDirectory() as home:
                home = pathlib.Path(home)
                subprocess.run([binary, "data", "sample", "--out", "sketchbook"], cwd=home, check=True, capture_output=True)
                studio = Studio(binary, home, ["--data", "sketchbook", "--subset", "sketchbook/subset", "--runs", "runs"])
                light(studio)
                studio.idle()
                studio.keys("ctrl+1")
                studio.idle()
                time.sleep(15)
                both(studio, out, "categories")
                studio.close()
        with tempfile.TemporaryDirectory() as home:
            home = pathlib.Path(home)
            (home / "drawings").symlink_to(os.path.abspath(options.drawings))
            (home / "subset").symlink_to(os.path.abspath(options.subset))
            (home / "runs").mkdir(exist_ok=True)
            studio = Studio(binary, home, ["--data", "drawings", "--subset", "subset", "--runs", "runs"])
            light(studio)
            studio.idle()
            if options.film:
                film(studio, os.path.abspath(options.film))
            walk(studio, options, out, home)
            studio.close()
    finally:
        server.kill()


def walk(studio, options, out, home):
    if "play" in options.only:
        studio.keys("ctrl+4")
        # What greets a newcomer begins by itself, a moment after the window.
        time.sleep(3)
        studio.idle()
        time.sleep(2)
        both(studio, out, "play-first")
        studio.command("three things")
        # Held, and at its end: playing goes round and round.
        studio.keys("g", "space", "End")
        both(studio, out, "play")
        opened(studio, out, "about", "about denoodle", "Return")
        opened(studio, out, "commands", "noise", "Down")
    if "denoise" in options.only:
        studio.keys("ctrl+3")
        studio.idle()
        studio.command("denoise: follow")
        studio.idle()
        # It was playing, and is somewhere: from the first stroke to the third, an ear.
        studio.keys("space", *["shift+Left"] * 20, "Home", "shift+Right", "shift+Right", *["Right"] * 9)
        both(studio, out, "denoise")
        studio.keys("c")
        studio.idle()
        both(studio, out, "denoise-compared")
        studio.keys("c")
        studio.idle()
        # Escape, which follows every command, leaves the presentation.
        for theme in ["light", "dark"]:
            studio.keys("F5")
            studio.photograph(out / f"presented-{theme}.png")
            studio.keys("Escape")
            studio.command("switch theme")
        studio.command("denoise: lesson")
        studio.idle()
        studio.keys("Next", "Next", "Next")
        studio.idle()
        both(studio, out, "lesson")
        studio.command("leave the lesson")
    if "draw" in options.only:
        studio.keys("ctrl+5")
        studio.idle()
        studio.stroke(FACE)
        time.sleep(1.5)
        studio.idle()
        both(studio, out, "draw")
        # A page that is not kept would be asked about at the end.
        studio.keys("ctrl+Delete")
    if "interpolate" in options.only:
        studio.command("use model cat-latent")
        studio.keys("ctrl+6")
        studio.idle()
        time.sleep(1)
        both(studio, out, "interpolate")
        studio.command("use model cat (shipped)")
    if "train" in options.only:
        studio.keys("ctrl+2")
        studio.idle()
        studio.command("start training")
        time.sleep(150)
        both(studio, out, "train")
        studio.command("train: stop")
        studio.idle()
        studio.command("runs")
        studio.idle()
        both(studio, out, "runs")
    if "evaluate" in options.only:
        studio.keys("ctrl+7")
        studio.command("run evaluation")
        time.sleep(8)
        both(studio, out, "evaluate-running")
        studio.idle()
        both(studio, out, "evaluate")
        # In this home there are no weights of Inception.
        for protocol, picture in [(PYTORCH_FID, "evaluate-weights"), (SKETCH, None)]:
            studio.move(*protocol)
            studio.x("click", "1")
            if picture:
                studio.command("run evaluation")
                studio.idle()
                both(studio, out, picture)
    if "compare" in options.only:
        studio.keys("ctrl+8")
        time.sleep(1)
        for x, y in COMPARED:
            studio.move(x, y)
            studio.x("click", "1")
            time.sleep(0.5)
        studio.command("run comparison")
        studio.idle()
        both(studio, out, "compare")


def film(studio, path):
    """Three quarters of a minute: a cat is drawn, one of its strokes comes out of noise, a person draws with the model, many at once."""
    studio.keys("ctrl+4")
    studio.idle()
    studio.command("three things")
    end = record(studio, path)
    studio.keys("Home", "space")
    time.sleep(7)
    studio.keys("ctrl+3")
    studio.idle()
    studio.keys("space", "Home", "shift+Right", "shift+Right")
    for _ in range(16):
        studio.keys("Right")
    studio.keys("a")
    time.sleep(2)
    studio.keys("a", "ctrl+5")
    studio.idle()
    studio.stroke(FACE)
    studio.idle()
    for _ in range(6):
        studio.keys("Return")
        studio.idle()
    time.sleep(1)
    studio.keys("ctrl+4", "g", "Home", "space")
    time.sleep(7)
    end()
    studio.keys("g", "ctrl+5", "ctrl+Delete")


def record(studio, path):
    """Records the display from now on; what is returned ends it and makes a GIF."""
    raw = path + ".mkv"
    size = f"{SIZE[0]}x{SIZE[1]}"
    camera = subprocess.Popen(
        ["ffmpeg", "-y", "-loglevel", "error", "-f", "x11grab", "-framerate", "8", "-video_size", size, "-i", DISPLAY, "-c:v", "libx264rgb", "-preset", "ultrafast", "-qp", "0", raw],
        env=studio.env,
        stdin=subprocess.PIPE,
    )

    def end():
        camera.communicate(b"q")
        small = "fps=8,scale=900:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=32:stats_mode=diff[p];[b][p]paletteuse=dither=none:diff_mode=rectangle"
        subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-i", raw, "-vf", small, path], check=True)
        os.remove(raw)
        print(path)

    return end


if __name__ == "__main__":
    main()
