//! The real program in a real window on a display of its own: look, train, stop, draw, export, close.
//!
//! Needs Xvfb and xdotool, and says so where they are missing. Waits for files and never for a number of seconds; the limits
//! below only keep a broken program from being waited for.
#![cfg(all(feature = "studio", target_os = "linux"))]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use denoodle::data::sketchbook;

/// Nothing that is waited for takes this long on any machine that tests run on.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where controls are, in a window of 1440 x 900 that nobody has resized.
const START: (i32, i32) = (1160, 813);
const STOP: (i32, i32) = (1250, 813);
const EXPORT_PATH: (i32, i32) = (1200, 546);
const DRAWINGS_TO_SCORE: (i32, i32) = (1368, 447);
const SEEDS: (i32, i32) = (1403, 483);
const RUN_EVALUATION: (i32, i32) = (1177, 813);

/// A process that does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn there(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// A display of our own, and its name.
fn display() -> (Running, String) {
    let mut server = Command::new("Xvfb");
    // Without -noreset the server starts anew whenever its last client leaves, and xdotool may be that one while the window opens.
    server
        .args(["-noreset", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = Running(server.spawn().expect("Xvfb starts"));
    let mut number = String::new();
    BufReader::new(server.0.stdout.take().expect("piped")).read_line(&mut number).expect("Xvfb says its number");
    (server, format!(":{}", number.trim()))
}

/// Tries again and again until there is something.
fn until<T>(what: &str, mut try_it: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = try_it() {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

struct Hands {
    display: String,
    window: String,
}

impl Hands {
    fn find(display: &str, program: &mut Running) -> Self {
        let pid = program.0.id();
        let search =
            || Command::new("xdotool").env("DISPLAY", display).args(["search", "--onlyvisible", "--pid", &pid.to_string()]).output();
        let window = until("the window", || {
            let ended = program.0.try_wait().expect("a child");
            assert!(ended.is_none(), "the program ended before it showed a window: {ended:?}");
            let found = String::from_utf8(search().ok()?.stdout).ok()?;
            found.lines().last().map(str::to_owned)
        });
        let hands = Self { display: display.into(), window };
        // Without a window manager nobody else gives it the keyboard.
        hands.xdotool(&["windowfocus", &hands.window]);
        hands
    }

    fn send(&self, arguments: &[&str]) {
        let status = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).status();
        assert!(status.is_ok_and(|status| status.success()), "xdotool {arguments:?}");
    }

    fn xdotool(&self, arguments: &[&str]) {
        self.send(arguments);
        // One frame, so that pressing and letting go are not the same moment.
        std::thread::sleep(Duration::from_millis(150));
    }

    fn click(&self, (x, y): (i32, i32)) {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
        self.xdotool(&["mousedown", "1"]);
        self.xdotool(&["mouseup", "1"]);
    }

    fn keys(&self, keys: &str) {
        self.xdotool(&["key", keys]);
    }

    fn title(&self) -> Option<String> {
        let name = Command::new("xdotool").env("DISPLAY", &self.display).args(["getwindowname", &self.window]).output().ok()?;
        Some(String::from_utf8_lossy(&name.stdout).trim().to_owned())
    }

    /// Waits until nothing runs: the title then says no more than the name.
    fn idle(&self) {
        until("the work to end", || (self.title()? == "Denoodle").then_some(()));
    }

    /// Follows the next drawing, by a key that follows nowhere but in Denoise; once more if that was over before the title was read.
    fn follow(&self) {
        until("a drawing to be followed", || {
            self.send(&["key", "n"]);
            let follows = || self.title().is_some_and(|title| title == "Denoodle: following a drawing");
            (0..100).any(|_| follows()).then_some(())
        });
        self.idle();
    }

    /// Finds a command by its words, and asks for it.
    fn command(&self, words: &str) {
        self.keys("ctrl+k");
        self.type_in(words);
        self.keys("Return");
        // Closes the list if the command cannot be done now.
        self.keys("Escape");
    }

    /// A stroke with the mouse, in as many moves as there are points.
    fn stroke(&self, points: &[(i32, i32)]) {
        for (i, (x, y)) in points.iter().enumerate() {
            self.xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
            if i == 0 {
                self.xdotool(&["mousedown", "1"]);
            }
        }
        self.xdotool(&["mouseup", "1"]);
    }

    fn type_in(&self, text: &str) {
        self.xdotool(&["type", "--delay", "20", text]);
    }
}

/// The sample drawings and a split of them.
fn sample(folder: &Path) {
    sketchbook::write(&folder.join("drawings"), 48, 7).expect("the sketchbook is written");
    let lists = serde_json::json!({"train": (0..40).collect::<Vec<_>>(), "test": (40..48).collect::<Vec<_>>()});
    for category in sketchbook::CATEGORIES {
        let place = folder.join("subset").join(category);
        std::fs::create_dir_all(&place).expect("a folder");
        denoodle::util::atomic::write_bytes(&place.join("indices.json"), lists.to_string().as_bytes()).expect("a split");
    }
}

fn steps(run: &Path) -> usize {
    std::fs::read_to_string(run.join("metrics.jsonl")).map_or(0, |text| text.lines().count())
}

fn exit(program: &mut Running) -> ExitStatus {
    until("the window to close", || program.0.try_wait().expect("a child"))
}

/// What a walk needs and this machine has not, said aloud.
fn missing() -> bool {
    let missing = ["Xvfb", "xdotool"].into_iter().find(|program| !there(program));
    if let Some(program) = missing {
        // Past the capture of passing tests: a skip must be seen.
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
    }
    missing.is_some()
}

/// The program on the display, at home in `folder`, with the sample drawings that lie there.
fn open(folder: &Path, display: &str) -> (Running, Hands) {
    let at = |part: &str| folder.join(part);
    let log = std::fs::File::options().create(true).append(true).open(at("log")).expect("a log");
    let mut program = Command::new(env!("CARGO_BIN_EXE_denoodle"));
    program.env("DISPLAY", display).env_remove("WAYLAND_DISPLAY").env("LIBGL_ALWAYS_SOFTWARE", "1");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        program.env(name, at("home"));
    }
    let folders = [("--data", "drawings"), ("--subset", "subset"), ("--runs", "runs"), ("--frame-times", "frames.csv")];
    folders.into_iter().for_each(|(option, part)| {
        program.arg(option).arg(at(part));
    });
    let mut program = Running(program.stdin(Stdio::null()).stderr(log).spawn().expect("the program starts"));
    let hands = Hands::find(display, &mut program);
    (program, hands)
}

/// Closes the window by its keys, and looks at how the program ended.
fn close(folder: &Path, mut program: Running, hands: &Hands) {
    hands.keys("ctrl+q");
    let status = exit(&mut program);
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert!(status.success(), "{status}: {log}");
    assert!(!log.contains("panicked"), "{log}");
}

/// Asks for a training again and again until the run has its record.
fn begin(run: &Path, ask: impl Fn()) {
    until("the training to begin", || {
        if !run.join("run.ron").exists() {
            ask();
            std::thread::sleep(Duration::from_secs(1));
        }
        run.join("run.ron").exists().then_some(())
    });
}

/// The pictures in a GIF of the usual size.
fn pictures(gif: &Path) -> usize {
    let mut frames = gif::DecodeOptions::new().read_info(std::fs::File::open(gif).expect("the GIF")).expect("a GIF");
    assert_eq!((frames.width(), frames.height()), (256, 256));
    let mut count = 0;
    while frames.read_next_frame().expect("a whole GIF").is_some() {
        count += 1;
    }
    count
}

#[test]
fn the_window_trains_draws_exports_and_closes() {
    if missing() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |part: &str| folder.path().join(part);
    sample(folder.path());
    let (_server, display) = display();
    let (program, hands) = open(folder.path(), &display);

    // Who has no model yet finds Play open, with a shipped one drawing. In Train cat is chosen by itself; the run begins when its record
    // is there. A click before the disk was looked at does nothing.
    let run = at("runs/cat-quick");
    begin(&run, || {
        hands.keys("ctrl+2");
        hands.click(START);
    });
    until("three steps", || (steps(&run) >= 3).then_some(()));
    let before = run.join("newest.safetensors").metadata().and_then(|m| m.modified()).expect("the first checkpoint");
    hands.click(STOP);
    until("the model to be saved", || {
        let now = run.join("newest.safetensors").metadata().and_then(|m| m.modified()).ok()?;
        (now > before).then_some(())
    });
    let made = steps(&run);

    hands.idle();

    // Draw with the model that is chosen, then type a path and press Enter.
    hands.keys("ctrl+4");
    let gif = at("cat.gif");
    hands.click(EXPORT_PATH);
    hands.type_in(&gif.display().to_string());
    until("the GIF", || {
        hands.keys("ctrl+Return");
        hands.idle();
        hands.click(EXPORT_PATH);
        hands.keys("Return");
        std::thread::sleep(Duration::from_millis(500));
        hands.idle();
        gif.exists().then_some(())
    });

    // Evaluate, with the shipped cat, which was chosen when there was no other model: few drawings of one seed.
    hands.keys("ctrl+7");
    for (field, number) in [(DRAWINGS_TO_SCORE, "20"), (SEEDS, "1")] {
        hands.click(field);
        hands.type_in(number);
        hands.keys("Return");
    }
    hands.click(RUN_EVALUATION);
    let scores = at("runs/evaluation-cat-sketch/scores.json");
    let text = until("the scores", || std::fs::read_to_string(&scores).ok());
    let scored: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(text.contains("\"fid\"") && scored["generated"] == 20, "{text}");
    hands.idle();

    close(folder.path(), program, &hands);
    assert!(pictures(&gif) > 1, "a playback has more than one picture");
    assert!(made >= 3 && steps(&run) == made, "it went on training after it was stopped");
    let times = std::fs::read_to_string(at("frames.csv")).expect("the frame times");
    assert!(times.starts_with("at_secs,interval_ms,work_ms,training\n") && times.lines().count() > 10);
    assert!(litter(folder.path()).is_empty(), "half-written files: {:?}", litter(folder.path()));
}

/// All of it by keys and the list of commands; only the pen in Draw is a mouse.
#[test]
fn a_walk_through_the_studio_by_keyboard_and_back_again() {
    if missing() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |part: &str| folder.path().join(part);
    sample(folder.path());
    let (_server, display) = display();
    let (program, hands) = open(folder.path(), &display);

    // The first run draws by itself. Then train; the command is there only once the disk was looked at.
    let run = at("runs/cat-quick");
    begin(&run, || hands.command("start training"));
    until("three steps", || (steps(&run) >= 3).then_some(()));
    hands.command("train: stop");
    hands.idle();
    let made = steps(&run);

    // Denoise: follow a drawing, look at a stroke from noise to line, at the lesson and back.
    hands.command("denoise: follow");
    hands.idle();
    hands.follow();
    for keys in ["Home", "Right", "Right", "shift+Right", "End", "c", "a", "F5", "Escape"] {
        hands.keys(keys);
    }
    hands.idle();
    hands.command("denoise: lesson");
    hands.keys("Page_Down");
    hands.idle();
    hands.command("leave the lesson");

    // Play: all at once, back, a stroke back, coloured, slower; and a GIF of it, its path typed.
    hands.command("play: draw");
    hands.idle();
    for keys in ["g", "g", "space", "shift+Left", "Home", "c", "l", "bracketleft"] {
        hands.keys(keys);
    }
    let gif = at("keyboard.gif");
    until("the GIF", || {
        if !gif.exists() {
            hands.keys("ctrl+shift+e");
            hands.keys("ctrl+a");
            hands.type_in(&gif.display().to_string());
            hands.keys("Return");
            hands.idle();
        }
        gif.exists().then_some(())
    });
    assert!(pictures(&gif) > 1, "a playback has more than one picture");

    // Draw: two strokes of one's own, the next one by the model, undone and redone, kept.
    hands.keys("ctrl+5");
    hands.stroke(&[(500, 400), (560, 330), (640, 320), (700, 400), (640, 480), (560, 480), (500, 400)]);
    hands.stroke(&[(560, 380), (565, 385), (570, 380)]);
    hands.idle();
    for keys in ["Return", "ctrl+z", "ctrl+y"] {
        hands.keys(keys);
        hands.idle();
    }
    let kept = || files(folder.path(), "ndjson").into_iter().find(|path| !path.starts_with(at("drawings")) && !path.starts_with(&run));
    until("the drawing to be kept", || {
        hands.keys("ctrl+s");
        hands.idle();
        kept()
    });

    // Evaluate: begun, and cancelled at once.
    hands.command("run evaluation");
    hands.command("evaluate: cancel");
    hands.idle();

    // Categories, Interpolate with a model that cannot, Compare; back to Denoise, and closed there.
    for keys in ["ctrl+1", "ctrl+6", "ctrl+8", "ctrl+3"] {
        hands.keys(keys);
        hands.idle();
    }
    close(folder.path(), program, &hands);
    assert!(made >= 3 && steps(&run) == made, "it went on training after it was stopped");

    // Once more: it is in Denoise again, with its model. What was made is left alone, and a second run gets a folder of its own.
    let (program, hands) = open(folder.path(), &display);
    hands.follow();
    let second = at("runs/cat-quick-2");
    begin(&second, || hands.command("start training"));
    until("its first step", || (steps(&second) >= 1).then_some(()));
    hands.command("train: stop");
    hands.idle();
    close(folder.path(), program, &hands);
    assert!(kept().is_some() && steps(&run) == made && second.join("newest.safetensors").exists());
    assert!(litter(folder.path()).is_empty(), "half-written files: {:?}", litter(folder.path()));
}

#[test]
fn without_a_display_it_says_what_is_missing_and_what_works() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_denoodle"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        program.env_remove(name);
    }
    let output = program.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in ["DISPLAY", "denoodle train", "denoodle draw", "denoodle data", "denoodle doctor"] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
    let output = program.env("DISPLAY", ":4242").output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("denoodle train"), "a display that does not answer: {said}");
}

/// Temporary files that were left behind.
fn litter(folder: &Path) -> Vec<PathBuf> {
    files(folder, "tmp")
}

/// All files with this ending, at any depth.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.extension().is_some_and(|its| its == end) {
            found.push(path);
        }
    }
    found
}
