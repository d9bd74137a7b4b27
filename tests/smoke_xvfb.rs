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

    fn xdotool(&self, arguments: &[&str]) {
        let status = Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).status();
        assert!(status.is_ok_and(|status| status.success()), "xdotool {arguments:?}");
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

    /// Waits until nothing runs: the title then says no more than the name.
    fn idle(&self) {
        until("the work to end", || {
            let name = Command::new("xdotool").env("DISPLAY", &self.display).args(["getwindowname", &self.window]).output().ok()?;
            (String::from_utf8_lossy(&name.stdout).trim() == "Denoodle").then_some(())
        });
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

#[test]
fn the_window_trains_draws_exports_and_closes() {
    for program in ["Xvfb", "xdotool"] {
        if !there(program) {
            // Past the capture of passing tests: a skip must be seen.
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
            return;
        }
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |part: &str| folder.path().join(part);
    sample(folder.path());
    let (_server, display) = display();
    let log = std::fs::File::create(at("log")).expect("a log");
    let mut program = Command::new(env!("CARGO_BIN_EXE_denoodle"));
    program.env("DISPLAY", &display).env_remove("WAYLAND_DISPLAY").env("LIBGL_ALWAYS_SOFTWARE", "1");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        program.env(name, at("home"));
    }
    let folders = [("--data", "drawings"), ("--subset", "subset"), ("--runs", "runs"), ("--frame-times", "frames.csv")];
    folders.into_iter().for_each(|(option, part)| {
        program.arg(option).arg(at(part));
    });
    let mut program = Running(program.stdin(Stdio::null()).stderr(log).spawn().expect("the program starts"));
    let hands = Hands::find(&display, &mut program);

    // Who has no model yet finds Play open, with a shipped one drawing. In Train cat is chosen by itself; the run begins when its record
    // is there. A click before the disk was looked at does nothing.
    let run = at("runs/cat-quick");
    until("the training to begin", || {
        if !run.join("run.ron").exists() {
            hands.keys("ctrl+2");
            hands.click(START);
            std::thread::sleep(Duration::from_secs(1));
        }
        run.join("run.ron").exists().then_some(())
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
    hands.keys("ctrl+q");
    let status = exit(&mut program);
    let log = std::fs::read_to_string(at("log")).unwrap_or_default();
    assert!(status.success(), "{status}: {log}");
    assert!(!log.contains("panicked"), "{log}");

    let mut frames = gif::DecodeOptions::new().read_info(std::fs::File::open(&gif).expect("the GIF")).expect("a GIF");
    assert_eq!((frames.width(), frames.height()), (256, 256));
    let mut count = 0;
    while frames.read_next_frame().expect("a whole GIF").is_some() {
        count += 1;
    }
    assert!(count > 1, "a playback has more than one picture");
    assert!(made >= 3 && steps(&run) == made, "it went on training after it was stopped");
    let times = std::fs::read_to_string(at("frames.csv")).expect("the frame times");
    assert!(times.starts_with("at_secs,interval_ms,work_ms,training\n") && times.lines().count() > 10);
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
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(litter(&path));
        } else if path.extension().is_some_and(|end| end == "tmp") {
            found.push(path);
        }
    }
    found
}
