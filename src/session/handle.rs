//! A running command, seen from outside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};

use super::worker;
use super::{Command, Event, Outcome, Previews, Slot};
use crate::sketch::Sketch;
use crate::util::{Cancel, Context, Kind, Reason, Result};

/// Facts waiting to be read; more are dropped (outcomes are not).
const WAITING: usize = 1024;

/// A command on its thread. Dropping the handle cancels the work and waits for it to end.
#[derive(Debug)]
pub struct Handle {
    events: Receiver<Event>,
    previews: Slot<Previews>,
    growing: Slot<Sketch>,
    cancel: Cancel,
    paused: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// The worker's end.
pub(super) struct Reporter {
    events: Sender<Event>,
    previews: Slot<Previews>,
    growing: Slot<Sketch>,
    pub cancel: Cancel,
    paused: Arc<AtomicBool>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl Reporter {
    /// Reports a fact; dropped if too many wait already.
    pub fn fact(&self, event: Event) {
        if self.events.try_send(event).is_ok() {
            (self.wake)();
        }
    }

    /// Reports what must arrive: waits for room. If the reader is gone, nobody misses it.
    pub fn must(&self, event: Event) {
        let _ = self.events.send(event);
        (self.wake)();
    }

    /// Hands over the preview sheets, all that there are.
    pub fn show(&self, previews: Previews) {
        self.previews.put(previews);
        (self.wake)();
    }

    /// Hands over what there is of a drawing, all of it.
    pub fn grown(&self, sketch: Sketch) {
        self.growing.put(sketch);
        (self.wake)();
    }

    /// Sleeps while the work is paused; returns for how long. Cancelling ends the pause.
    pub fn wait_while_paused(&self) -> Duration {
        let since = std::time::Instant::now();
        while self.paused.load(Ordering::Acquire) && self.cancel.reason().is_none() {
            std::thread::park_timeout(Duration::from_millis(50));
        }
        since.elapsed()
    }
}

impl Handle {
    /// Starts the command on a thread of its own. `wake` is called, from that thread, whenever there is something to read.
    pub fn start(command: Command, wake: impl Fn() + Send + Sync + 'static) -> Result<Self> {
        Self::spawn(move |reporter| worker::run(command, reporter), wake)
    }

    pub(super) fn spawn(
        work: impl FnOnce(&Reporter) -> Result<Outcome> + Send + 'static,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self> {
        let (sender, events) = crossbeam_channel::bounded(WAITING);
        let (previews, growing) = (Slot::default(), Slot::default());
        let (cancel, paused) = (Cancel::default(), Arc::new(AtomicBool::new(false)));
        let reporter = Reporter {
            events: sender,
            previews: previews.clone(),
            growing: growing.clone(),
            cancel: cancel.clone(),
            paused: paused.clone(),
            wake: Box::new(wake),
        };
        let body = move || {
            // A panic in the work must reach the person as a failure, not as silence.
            let last = match catch_unwind(AssertUnwindSafe(|| work(&reporter))) {
                Ok(Ok(outcome)) => Event::Finished(outcome),
                Ok(Err(error)) if error.kind() == Kind::Cancelled => Event::Finished(Outcome::Cancelled),
                Ok(Err(error)) => Event::Failed((&error).into()),
                Err(panic) => Event::Failed(format!("the work broke off, which is a fault in Denoodle: {}", panic_text(&*panic)).into()),
            };
            reporter.must(last);
        };
        let thread = std::thread::Builder::new().name("denoodle-worker".into()).spawn(body).context("cannot start a worker thread")?;
        Ok(Self { events, previews, growing, cancel, paused, thread: Some(thread) })
    }

    /// The events that have come since, without waiting.
    pub fn events(&self) -> impl Iterator<Item = Event> + '_ {
        self.events.try_iter()
    }

    /// The next event; `None` after `timeout`, or at once when the worker has ended and all is read.
    pub fn next_event(&self, timeout: Duration) -> Option<Event> {
        self.events.recv_timeout(timeout).ok()
    }

    /// The preview sheets of the run, if they changed since the last call.
    pub fn previews(&self) -> Option<Previews> {
        self.previews.take()
    }

    /// What there is of the first drawing, in the data frame's units, if it grew since the last call; of models that draw one stroke or
    /// point after another.
    pub fn growing(&self) -> Option<Sketch> {
        self.growing.take()
    }

    /// Holds the work before its next step, or lets it go on.
    pub fn pause(&self, paused: bool) {
        self.paused.store(paused, Ordering::Release);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// True while held.
    pub fn is_paused(&self) -> bool {
        self.paused.load(Ordering::Acquire)
    }

    /// Asks the work to stop; training saves first.
    pub fn stop(&self, reason: Reason) {
        self.cancel.cancel(reason);
        self.pause(false);
    }

    /// The token, for a signal handler.
    pub fn cancel_token(&self) -> Cancel {
        self.cancel.clone()
    }

    /// True until the worker thread has ended. Events may still wait to be read afterwards.
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop(Reason::Abandoned);
        // The worker may be waiting for room for an outcome: make room, then wait for it.
        let (_, gone) = crossbeam_channel::bounded(0);
        self.events = gone;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The words of a panic.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::Error;

    /// All events until the worker has ended.
    fn rest(handle: &Handle) -> Vec<Event> {
        std::iter::from_fn(|| handle.next_event(Duration::from_secs(20))).collect()
    }

    #[test]
    fn a_panic_becomes_a_failure_with_its_words() -> Result<()> {
        let handle = Handle::spawn(|_| panic!("seven of nine"), || {})?;
        let events = rest(&handle);
        assert!(matches!(&events[..], [Event::Failed(why)] if why.text.contains("seven of nine")), "{events:?}");
        Ok(())
    }

    #[test]
    fn facts_may_be_dropped_but_the_outcome_is_not() -> Result<()> {
        let all_sent = Arc::new(AtomicBool::new(false));
        let flag = all_sent.clone();
        let work = move |reporter: &Reporter| {
            (0..5000).for_each(|i| reporter.fact(Event::Saved(i)));
            flag.store(true, Ordering::Release);
            Err(Error::new("the end"))
        };
        let handle = Handle::spawn(work, || {})?;
        while !all_sent.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        let events = rest(&handle);
        assert_eq!(events.len(), WAITING + 1);
        assert!(matches!(events.last(), Some(Event::Failed(why)) if why.text == "the end"));
        Ok(())
    }

    #[test]
    fn dropping_the_handle_cancels_and_waits_even_if_nobody_reads() -> Result<()> {
        let ended = Arc::new(AtomicBool::new(false));
        let flag = ended.clone();
        let work = move |reporter: &Reporter| {
            while reporter.cancel.check().is_ok() {
                reporter.must(Event::Message("again".into()));
            }
            flag.store(true, Ordering::Release);
            Ok(Outcome::Cancelled)
        };
        let handle = Handle::spawn(work, || {})?;
        while handle.events.len() < WAITING {
            std::thread::yield_now();
        }
        drop(handle);
        assert!(ended.load(Ordering::Acquire));
        Ok(())
    }

    #[test]
    fn a_pause_holds_the_work_and_stopping_ends_the_pause() -> Result<()> {
        let work = |reporter: &Reporter| loop {
            reporter.wait_while_paused();
            reporter.cancel.check()?;
            reporter.fact(Event::Saved(0));
            std::thread::sleep(Duration::from_millis(1));
        };
        let handle = Handle::spawn(work, || {})?;
        assert!(handle.next_event(Duration::from_secs(20)).is_some());
        handle.pause(true);
        // What was under way comes through, then nothing more.
        std::thread::sleep(Duration::from_millis(100));
        handle.events().for_each(drop);
        assert!(handle.is_paused() && handle.next_event(Duration::from_millis(200)).is_none());
        handle.stop(Reason::Stopped);
        assert!(matches!(rest(&handle).last(), Some(Event::Finished(Outcome::Cancelled))));
        Ok(())
    }
}
