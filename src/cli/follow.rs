//! Shows a running command's events: bars on a terminal, plain lines elsewhere. Ctrl-C stops the work cleanly.

use std::io::{IsTerminal, Write};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use denoodle::session::{Command, Event, Handle, Losses, Outcome, TrainProgress};
use denoodle::util::{Cancel, Context, Error, Reason, Result, clock, harmless, number};
use indicatif::{ProgressBar, ProgressStyle};

/// Where there is no terminal, a line at most so often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Runs the command to its end, showing its events on standard error.
///
/// # Errors
/// What made the command fail. Being stopped is an outcome, not an error.
pub(crate) fn follow(command: Command) -> Result<Outcome> {
    let handle = Handle::start(command, || {})?;
    stop_on_signal(handle.cancel_token())?;
    let mut show = Show::new();
    loop {
        match handle.next_event(Duration::from_millis(100)) {
            Some(Event::Finished(outcome)) => {
                show.bar.finish_and_clear();
                return Ok(outcome);
            }
            Some(Event::Failed(why)) => {
                show.bar.finish_and_clear();
                return Err(Error::new(why.text).with_kind(why.kind));
            }
            Some(event) => show.event(event),
            None if handle.is_running() => show.bar.tick(),
            None => {}
        }
    }
}

/// A line on standard error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", harmless(text));
}

/// Ctrl-C and termination cancel the present work; a second Ctrl-C leaves at once.
pub(crate) fn stop_on_signal(cancel: Cancel) -> Result<()> {
    static CURRENT: OnceLock<std::sync::Mutex<Cancel>> = OnceLock::new();
    let current = CURRENT.get_or_init(std::sync::Mutex::default);
    *current.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = cancel;
    static INSTALLED: OnceLock<()> = OnceLock::new();
    if INSTALLED.set(()).is_err() {
        return Ok(());
    }
    let on_signal = || {
        let cancel = current.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if cancel.reason().is_some() {
            std::process::exit(1);
        }
        say("\nstopping; once more to leave at once");
        cancel.cancel(Reason::Interrupted);
    };
    ctrlc::set_handler(on_signal).context("cannot listen for Ctrl-C")
}

struct Show {
    bar: ProgressBar,
    stage: String,
    /// Without a terminal: when the next line is due.
    next_line: Instant,
    terminal: bool,
}

impl Show {
    fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        Self { bar, stage: String::new(), next_line: Instant::now(), terminal }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Stage(stage) => {
                self.line(&stage);
                self.bar.set_style(style("{spinner} {msg}"));
                self.bar.set_message(stage.clone());
                self.stage = stage;
            }
            Event::Progress { done, total, unit } => {
                let template = match (unit, total) {
                    ("bytes", Some(_)) => "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
                    ("bytes", None) => "{spinner} {msg} {bytes} {bytes_per_sec}",
                    (_, Some(_)) => "{msg} {wide_bar} {pos}/{len} {eta}",
                    (_, None) => "{spinner} {msg} {pos}",
                };
                self.bar.set_style(style(template));
                if let Some(total) = total {
                    self.bar.set_length(total);
                }
                self.bar.set_position(done);
                let of = total.map_or(String::new(), |total| format!(" of {total}"));
                let unit = number::unit(total.unwrap_or(done), unit);
                self.line_if_due(|stage| format!("{stage}: {done}{of} {unit}"));
            }
            Event::Step(progress) => {
                if let Some(steps) = progress.steps {
                    self.bar.set_length(steps);
                    self.bar.set_style(style("{wide_bar} step {pos} of {len}  {msg}"));
                } else {
                    self.bar.set_style(style("{spinner} step {pos}  {msg}"));
                }
                self.bar.set_position(progress.step);
                self.bar.set_message(numbers(&progress));
                self.line_if_due(|_| {
                    let of = progress.steps.map_or(String::new(), |steps| format!(" of {steps}"));
                    format!("step {}{of}: {}", progress.step, numbers(&progress))
                });
            }
            Event::Tested(loss) => {
                let best = if loss.best { ", the lowest so far" } else { "" };
                self.above(&format!("step {}: test loss {}{best}", loss.step, losses(&loss.losses)));
            }
            Event::Message(text) => self.above(&text),
            // Routine; `run.ron` and the end tell where things are.
            Event::Saved(_) | Event::Evaluating(_) | Event::Scored(_) | Event::Finished(_) | Event::Failed(_) => {}
        }
    }

    /// A line that stays above the bar.
    fn above(&self, text: &str) {
        if self.terminal { self.bar.suspend(|| say(text)) } else { say(text) }
    }

    fn line(&mut self, text: &str) {
        if !self.terminal {
            say(text);
            self.next_line = Instant::now() + LINE_EVERY;
        }
    }

    fn line_if_due(&mut self, text: impl FnOnce(&str) -> String) {
        if !self.terminal && Instant::now() >= self.next_line {
            let text = text(&self.stage);
            self.line(&text);
        }
    }
}

/// A template is a literal of ours; a bad one shows the default bar.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn numbers(p: &TrainProgress) -> String {
    let left = p.left.map_or(String::new(), |left| format!(", {} left", clock::words(left)));
    format!("loss {}, {:.0} drawings/s{left}", losses(&p.losses), p.drawings_per_sec)
}

/// The first by its number alone, the others by their names.
fn losses(losses: &Losses) -> String {
    let [_, side] = losses.names;
    let figure = losses.figure.map_or(String::new(), |figure| format!(", {} {:.1} %", figure.words(), 100.0 * figure.value));
    format!("{:.4}, {side} {:.4}{figure}", losses.main, losses.side)
}
