//! The weights that scores need and that no build carries: fetching them, or taking a file over.

use std::time::Duration;

use super::messages::Messages;
use super::{Effect, Workspace};
use crate::session::{Command, Event, Failure, Outcome, WeightsRequest};
use crate::studio::engine::Job;
use crate::util::Reason;

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Getting {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// On their way.
    Running {
        /// Bytes so far.
        done: u64,
        /// Bytes in all, once known.
        total: Option<u64>,
    },
    /// Asked to stop.
    Stopping,
    /// It was stopped.
    Stopped,
    /// They are here.
    Here,
    /// They are not: why.
    Failed(String),
}

/// The weights of the Inception network.
#[derive(Debug, Default)]
pub struct Weights {
    /// Where it is.
    pub getting: Getting,
    /// The path field.
    pub path: String,
    /// Where they were asked for.
    pub asked_in: Workspace,
}

impl Weights {
    /// On their way.
    pub fn is_active(&self) -> bool {
        matches!(self.getting, Getting::Running { .. } | Getting::Stopping)
    }

    pub(super) fn start(&mut self, request: WeightsRequest, asked_in: Workspace) -> Vec<Effect> {
        self.asked_in = asked_in;
        self.getting = Getting::Running { done: 0, total: None };
        vec![Effect::Start(Job::Weights, Command::Weights(request))]
    }

    pub(super) fn stop(&mut self) -> Vec<Effect> {
        self.getting = Getting::Stopping;
        vec![Effect::Stop(Job::Weights, Reason::Stopped)]
    }

    pub(super) fn apply(&mut self, event: Event, messages: &mut Messages, now: Duration) {
        self.getting = match event {
            Event::Progress { done, total, .. } if self.getting != Getting::Stopping => Getting::Running { done, total },
            Event::Finished(Outcome::Fetched(_)) => {
                messages.done(now, Job::Weights, "The weights are here.".into());
                Getting::Here
            }
            Event::Finished(_) => {
                messages.note(now, Job::Weights, "Fetching the weights was stopped.".into());
                Getting::Stopped
            }
            Event::Failed(Failure { window: text, .. }) => {
                messages.error(now, Job::Weights, format!("The weights could not be had: {text}"));
                Getting::Failed(text)
            }
            _ => return,
        }
    }
}
