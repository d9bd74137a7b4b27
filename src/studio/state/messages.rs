//! What was said: kept, counted, never in the way.

use std::collections::VecDeque;
use std::time::Duration;

use super::toasts::Toasts;
use crate::studio::engine::Job;

/// Older messages are forgotten.
const MOST: usize = 200;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Note,
    /// It went well.
    Done,
    /// It did not work.
    Error,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Since the window was opened.
    pub at: Duration,
    /// Who says it.
    pub job: Job,
    /// How bad it is.
    pub tone: Tone,
    /// What: one line, or an error with its place and advice.
    pub text: String,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Messages {
    list: VecDeque<Message>,
    unread: usize,
    open: bool,
    toasts: Toasts,
}

impl Messages {
    fn push(&mut self, at: Duration, job: Job, tone: Tone, text: String) {
        if self.list.len() == MOST {
            self.list.pop_front();
        }
        // Whoever reads the list needs to be told nothing beside it.
        if !self.open {
            self.unread += 1;
            self.toasts.say(at, job, tone, &text);
        }
        self.list.push_back(Message { at, job, tone, text });
    }

    /// Good to know.
    pub fn note(&mut self, at: Duration, job: Job, text: String) {
        self.push(at, job, Tone::Note, text);
    }

    /// It went well.
    pub fn done(&mut self, at: Duration, job: Job, text: String) {
        self.push(at, job, Tone::Done, text);
    }

    /// It did not work.
    pub fn error(&mut self, at: Duration, job: Job, text: String) {
        self.push(at, job, Tone::Error, text);
    }

    /// Newest last.
    pub fn list(&self) -> &VecDeque<Message> {
        &self.list
    }

    /// Came while the list was closed.
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// Whether the list is shown.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// What of it is said beside the work.
    pub fn toasts(&self) -> &Toasts {
        &self.toasts
    }

    /// Says one of them no longer; it stays in the list.
    pub(super) fn dismiss(&mut self, number: u64) {
        self.toasts.dismiss(number);
    }

    /// Shows or hides the list; what is shown counts as read.
    pub fn toggle(&mut self) {
        self.open = !self.open;
        self.unread = 0;
        self.toasts.clear();
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.list.clear();
        self.unread = 0;
        self.toasts.clear();
    }
}
