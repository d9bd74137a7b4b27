//! How long a person waits for the first stroke after pressing Draw, and for all drawings: the whole window with its worker threads, a frame
//! every sixtieth of a second, all but putting pixels on a screen.
//!
//! `cargo bench --bench press -- [--model cat] [--presses 20]`. The model is read anew at every press, as the window does it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use denoodle::config::DeviceChoice;
use denoodle::data::Folders;
use denoodle::studio::engine::Workers;
use denoodle::studio::{App, Options};
use denoodle::util::clock::SystemClock;
use denoodle::util::threads;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FRAME: Duration = Duration::from_micros(16_667);
const LONGEST: Duration = Duration::from_secs(60);

fn window(folder: PathBuf) -> Harness<'static, App> {
    let folders = Folders { drawings: folder.join("drawings"), subset: folder.join("subset") };
    let options = Options { folders, runs: folder, threads: threads::available(), device: DeviceChoice::Cpu, frame_times: None };
    Harness::builder().with_size([1440.0, 900.0]).build_eframe(move |cc| {
        let workers = Workers::new(cc.egui_ctx.clone());
        App::new(&cc.egui_ctx, options, Box::new(workers), Box::<SystemClock>::default(), None).expect("the window's program starts")
    })
}

/// A frame, and the rest of its sixtieth of a second.
fn frame(window: &mut Harness<'static, App>) {
    let began = Instant::now();
    window.step();
    std::thread::sleep(FRAME.saturating_sub(began.elapsed()));
}

fn press(window: &mut Harness<'static, App>, name: &str) {
    let mut buttons = window.get_all_by_label(name).filter(|node| node.accesskit_node().role() == eframe::egui::Role::Button);
    buttons.next_back().unwrap_or_else(|| panic!("there is no button '{name}'")).click_accesskit();
}

/// Milliseconds from a press to the frame that shows a stroke, and to the one that has all drawings.
fn waits(window: &mut Harness<'static, App>) -> [f64; 2] {
    window.state_mut().state_mut().play.seed += 1;
    frame(window);
    let pressed = Instant::now();
    press(window, "Draw");
    let mut first = None;
    loop {
        frame(window);
        let (play, waited) = (&window.state().state().play, pressed.elapsed());
        let ended = waited > FRAME && !play.is_drawing();
        if play.growing.is_some() || ended {
            first.get_or_insert(waited);
        }
        if ended {
            return [first.unwrap_or(waited), waited].map(|time| time.as_secs_f64() * 1e3);
        }
        assert!(waited < LONGEST, "nothing was drawn");
    }
}

#[allow(clippy::print_stdout, reason = "it is what this program is for")]
fn main() {
    #[allow(unsafe_code, reason = "there is no other thread yet")]
    // SAFETY: called first in `main`.
    unsafe {
        threads::keep_candle_to_one();
    }
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let given: HashMap<&str, &str> = arguments.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
    let presses: usize = given.get("--presses").map_or(20, |number| number.parse().expect("--presses is a number"));
    let folder = std::env::temp_dir().join("denoodle-press");
    let mut window = window(folder);
    // The window looks at the disk first, and draws what greets a newcomer.
    while window.state().state().play.drawn.is_none() || window.state().state().play.is_drawing() {
        frame(&mut window);
    }
    println!("{:>8} {:>34} {:>34}", "drawings", "first stroke, ms: median (most)", "all, ms: median (most)");
    for count in [1, 12, 100] {
        let play = &mut window.state_mut().state_mut().play;
        (play.model, play.category, play.count) = ((*given.get("--model").unwrap_or(&"cat")).into(), String::new(), f64::from(count));
        let times: Vec<[f64; 2]> = (0..presses).map(|_| waits(&mut window)).collect();
        let told = |which: usize| {
            let mut times: Vec<f64> = times.iter().map(|both| both[which]).collect();
            times.sort_by(f64::total_cmp);
            format!("{:.0} ({:.0})", times[times.len() / 2], times[times.len() - 1])
        };
        println!("{count:>8} {:>34} {:>34}", told(0), told(1));
    }
}
