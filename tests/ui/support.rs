//! The window without threads and without waiting: events are handed in, commands are recorded, the clock is set by hand.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use denoodle::config::{DeviceChoice, load};
use denoodle::data::{CategoryInfo, Folders};
use denoodle::session::{Capabilities, Command, Described, Event, Losses, Outcome, Preview, Previews, TestLoss, TrainProgress};
use denoodle::sketch::{Sketch, Stroke};
use denoodle::studio::engine::{Engine, Job};
use denoodle::studio::state::State;
use denoodle::studio::{App, Options};
use denoodle::util::clock::Clock;
use denoodle::util::memory::Memory;
use denoodle::util::{Reason, Result};
use eframe::egui::{self, Key, Modifiers, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

/// What the window asked the engine for.
#[derive(Debug)]
pub enum Asked {
    Start(Job, Command),
    Pause(Job, bool),
    Stop(Job, Reason),
}

#[derive(Default)]
struct Recorder {
    asked: Vec<Asked>,
    events: VecDeque<(Job, Event)>,
    sheets: Previews,
    previews: Option<Previews>,
    growing: Option<Sketch>,
}

#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Recorder>>);

impl Engine for Shared {
    fn start(&mut self, job: Job, command: Command) -> Result<()> {
        self.0.borrow_mut().asked.push(Asked::Start(job, command));
        Ok(())
    }
    fn pause(&mut self, job: Job, paused: bool) {
        self.0.borrow_mut().asked.push(Asked::Pause(job, paused));
    }
    fn stop(&mut self, job: Job, reason: Reason) {
        self.0.borrow_mut().asked.push(Asked::Stop(job, reason));
    }
    fn poll(&mut self) -> Vec<(Job, Event)> {
        self.0.borrow_mut().events.drain(..).collect()
    }
    fn previews(&mut self) -> Option<Previews> {
        self.0.borrow_mut().previews.take()
    }
    fn growing(&mut self) -> Option<Sketch> {
        self.0.borrow_mut().growing.take()
    }
}

#[derive(Clone, Default)]
struct Hand(Arc<Mutex<Duration>>);

impl Clock for Hand {
    fn now(&self) -> Duration {
        *self.0.lock().expect("no panic before")
    }
}

/// A window under test.
pub struct Window {
    pub harness: Harness<'static, App>,
    engine: Shared,
    clock: Hand,
}

/// The state behind the window.
pub fn state(window: &mut Window) -> &mut State {
    window.harness.state_mut().state_mut()
}

impl Window {
    /// An open window that has looked at nothing yet.
    pub fn open(theme: Theme) -> Self {
        Self::open_at(theme, PathBuf::from("runs"))
    }

    /// The same, with a folder for runs.
    pub fn open_at(theme: Theme, runs: PathBuf) -> Self {
        let (engine, clock) = (Shared::default(), Hand::default());
        let (for_app, hand) = (engine.clone(), clock.clone());
        let folders = Folders { drawings: "drawings".into(), subset: "subset".into() };
        let options = Options { folders, runs, threads: 2, device: DeviceChoice::default(), frame_times: None };
        let harness = Harness::builder().with_size([1440.0, 900.0]).with_theme(theme).build_eframe(move |cc| {
            App::new(&cc.egui_ctx, options, Box::new(for_app), Box::new(hand), None).expect("the window's program starts")
        });
        let mut window = Self { harness, engine, clock };
        window.settle();
        window
    }

    /// A window on a disk with three categories and a model.
    pub fn stocked(theme: Theme) -> Self {
        let mut window = Self::open(theme);
        window.tell(Job::Survey, Event::Finished(disk(&["bus", "cat", "rabbit"], &["runs/cat-quick"])));
        window
    }

    /// A few frames; every control must have a name in all of them.
    pub fn settle(&mut self) {
        self.harness.run_steps(3);
        let unnamed = self.harness.unnamed_widgets();
        assert!(unnamed.is_empty(), "controls without a name:\n{}", unnamed.join("\n"));
    }

    /// The worker reports something.
    pub fn tell(&mut self, job: Job, event: Event) {
        self.engine.0.borrow_mut().events.push_back((job, event));
        self.settle();
    }

    /// The worker reports many things at once.
    pub fn tell_all(&mut self, job: Job, events: impl IntoIterator<Item = Event>) {
        self.engine.0.borrow_mut().events.extend(events.into_iter().map(|event| (job, event)));
        self.settle();
    }

    /// A preview comes, with those before it.
    pub fn hand_over(&mut self, preview: Preview) {
        {
            let mut recorder = self.engine.0.borrow_mut();
            recorder.sheets.push(preview);
            recorder.previews = Some(recorder.sheets.clone());
        }
        self.settle();
    }

    /// What there is of the first drawing comes.
    pub fn grow(&mut self, sketch: Sketch) {
        self.engine.0.borrow_mut().growing = Some(sketch);
        self.settle();
    }

    /// What was asked for since the last call.
    pub fn asked(&mut self) -> Vec<Asked> {
        std::mem::take(&mut self.engine.0.borrow_mut().asked)
    }

    /// Time passes, in steps of a frame.
    pub fn wait(&mut self, secs: f64) {
        let frames = (secs * 50.0).ceil() as usize;
        for _ in 0..frames {
            *self.clock.0.lock().expect("no panic before") += Duration::from_secs_f64(secs / frames as f64);
            self.harness.step();
        }
        self.settle();
    }

    /// Time passes unseen, however long.
    pub fn skip(&mut self, secs: f64) {
        *self.clock.0.lock().expect("no panic before") += Duration::from_secs_f64(secs);
        self.settle();
    }

    /// Presses the control of that name.
    pub fn press(&mut self, name: &str) {
        self.controls(name)[0].click_accesskit();
        self.settle();
    }

    /// Presses keys.
    pub fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// The controls of that name, without texts that say the same.
    fn controls<'a>(&'a self, name: &'a str) -> Vec<egui_kittest::Node<'a>> {
        let control = |node: &egui_kittest::Node<'_>| egui::accessibility::is_input(node.accesskit_node().role());
        let mut found: Vec<_> = self.harness.get_all_by_label(name).filter(control).collect();
        // What a place offers comes before the tab of the same name.
        found.sort_by_key(|node| node.accesskit_node().role() == egui::Role::Tab);
        assert!(!found.is_empty(), "'{name}' is no control");
        found
    }

    /// True if there is exactly one control or text of that name.
    pub fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).count() == 1
    }

    /// True if some text says this, wherever it stands.
    pub fn says(&self, part: &str) -> bool {
        let texts = |node: egui_kittest::Node<'_>| {
            let node = node.accesskit_node();
            [node.label(), node.value(), node.description()].into_iter().flatten().any(|text| text.replace('\u{a0}', " ").contains(part))
        };
        self.harness.root().children_recursive().any(texts)
    }

    /// True if the control can be pressed.
    pub fn can(&self, name: &str) -> bool {
        self.controls(name).iter().all(|node| !node.accesskit_node().is_disabled())
    }
}

/// A state of the window: its name, and how to get there.
pub type Scene = (&'static str, fn(Theme) -> Window);

/// Both themes.
pub const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

/// A disk with these categories, and one more that can be fetched.
pub fn disk(here: &[&str], models: &[&str]) -> Outcome {
    let info = |name: &str, here: bool| CategoryInfo {
        name: name.into(),
        file: here.then(|| PathBuf::from(format!("drawings/{name}.ndjson"))),
        bytes: here.then_some(3_200_000),
        official_lines: Some(123_202),
        split: here.then_some((2737, 200)),
        procedural: here && name == "rabbit",
    };
    let mut categories: Vec<_> = here.iter().map(|name| info(name, true)).collect();
    categories.push(info("zigzag", false));
    Outcome::Surveyed { categories, models: models.iter().map(PathBuf::from).collect() }
}

/// The state after a training step.
pub fn step(step: u64, steps: Option<u64>, diffusion: f64) -> Event {
    Event::Step(TrainProgress {
        step,
        steps,
        drawings: step * 128,
        losses: losses(diffusion, diffusion / 2.0),
        rate: 1.2e-3,
        gradient_norm: 0.75,
        drawings_per_sec: 256.0,
        elapsed: Duration::from_secs(step),
        left: steps.map(|steps| Duration::from_secs(steps - step)),
        memory: Some(Memory { now: 512_000_000, peak: 640_000_000 }),
    })
}

/// A look at the test drawings.
pub fn tested(step: u64, diffusion: f64) -> Event {
    Event::Tested(TestLoss { step, losses: losses(diffusion, 0.2), best: true })
}

/// Those of the flagship.
fn losses(diffusion: f64, stop: f64) -> Losses {
    Losses { names: &["diffusion", "stop"], main: diffusion, side: stop, judged: diffusion, figure: None }
}

/// Two strokes, five points.
pub fn sketch() -> Sketch {
    let strokes = vec![Stroke::new(vec![[0., 0.], [255., 0.], [255., 200.]]), Stroke::new(vec![[10., 10.], [100., 100.]])];
    Sketch { strokes }
}

/// Drawings that came out.
pub fn drawn(count: usize) -> Event {
    Event::Finished(Outcome::Drawn { sketches: vec![sketch(); count], category: "cat".into(), took: Duration::from_millis(1500) })
}

/// What a model of this preset says of itself.
pub fn met(preset: &str, completion: bool, categories: &[&str]) -> Event {
    capable(preset, Capabilities { completion, ..Capabilities::default() }, categories)
}

/// The same, of whatever it can do.
pub fn capable(preset: &str, capabilities: Capabilities, categories: &[&str]) -> Event {
    let categories = categories.iter().map(|&name| name.into()).collect();
    Event::Finished(Outcome::Described(Described { capabilities, categories, preset: Box::new(load(preset).expect("built in")) }))
}

/// Ctrl, or what stands for it.
pub const CTRL: Modifiers = Modifiers::COMMAND;

/// The window's context.
pub fn theme_of(window: &Window) -> Theme {
    let ctx: &egui::Context = &window.harness.ctx;
    ctx.theme()
}
