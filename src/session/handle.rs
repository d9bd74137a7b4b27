//! A running command, seen from outside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::worker;
use super::{Command, Event, Outcome, Preview, Slot};
use crate::util::{Cancel, Context, Kind, Reason, Result};

/// Facts waiting to be read; more are dropped (outcomes are not).
const WAITING: usize = 1024;

/// A command on its thread. Dropping the handle cancels the work and waits for it to end.
#[derive(Debug)]
pub struct Handle {
    events: Receiver<Event>,
    preview: Slot<Preview>,
    cancel: Cancel,
    paused: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// The worker's end.
pub(super) struct Reporter {
    events: Sender<Event>,
    pub preview: Slot<Preview>,
    pub cancel: Cancel,
    paused: Arc<AtomicBool>,
    wake: Box<dyn Fn() + Send>,
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

    /// Hands over a preview.
    pub fn show(&self, preview: Preview) {
        self.preview.put(preview);
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
    pub fn start(command: Command, wake: impl Fn() + Send + 'static) -> Result<Self> {
        let (sender, events) = crossbeam_channel::bounded(WAITING);
        let (preview, cancel, paused) = (Slot::default(), Cancel::default(), Arc::new(AtomicBool::new(false)));
        let reporter =
            Reporter { events: sender, preview: preview.clone(), cancel: cancel.clone(), paused: paused.clone(), wake: Box::new(wake) };
        let body = move || {
            // A panic in the work must reach the person as a failure, not as silence.
            let last = match catch_unwind(AssertUnwindSafe(|| worker::run(command, &reporter))) {
                Ok(Ok(outcome)) => Event::Finished(outcome),
                Ok(Err(error)) if error.kind() == Kind::Cancelled => Event::Finished(Outcome::Cancelled),
                Ok(Err(error)) => Event::Failed(error.to_string()),
                Err(panic) => Event::Failed(format!("the work broke off, which is a fault in Denoodle: {}", panic_text(&*panic))),
            };
            reporter.must(last);
        };
        let thread = std::thread::Builder::new().name("denoodle-worker".into()).spawn(body).context("cannot start a worker thread")?;
        Ok(Self { events, preview, cancel, paused, thread: Some(thread) })
    }

    /// The events that have come since, without waiting.
    pub fn events(&self) -> impl Iterator<Item = Event> + '_ {
        self.events.try_iter()
    }

    /// The next event; `None` after `timeout`, or at once when the worker has ended and all is read.
    pub fn next_event(&self, timeout: Duration) -> Option<Event> {
        match self.events.recv_timeout(timeout) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    /// The newest preview, if one came since the last call.
    pub fn preview(&self) -> Option<Preview> {
        self.preview.take()
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
