//! What has just finished or failed, said for a moment beside the work.

use std::time::Duration;

use super::messages::Tone;
use super::workspace::Workspace;
use crate::studio::engine::Job;

/// More are not shown at once; all of them are in the list of messages.
const MOST: usize = 3;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// No other one has it.
    pub number: u64,
    /// How bad it is: never a note.
    pub tone: Tone,
    /// Who says it.
    pub job: Job,
    /// What, as the list of messages says it.
    pub text: String,
    until: Duration,
}

impl Toast {
    /// Whether it says something to who looks at this workspace: what went well where its result is in sight does not.
    pub fn is_news_in(&self, workspace: Workspace) -> bool {
        let seen_in = match self.job {
            Job::Train => Some(Workspace::Train),
            Job::Draw => Some(Workspace::Play),
            Job::Evaluate => Some(Workspace::Evaluate),
            Job::Compare => Some(Workspace::Compare),
            Job::Import | Job::Fetch => Some(Workspace::Categories),
            Job::Interpolate | Job::Between => Some(Workspace::Interpolate),
            _ => None,
        };
        self.tone == Tone::Error || seen_in != Some(workspace)
    }
}

/// Those that may be shown still.
#[derive(Debug, Default)]
pub struct Toasts {
    /// Newest last.
    list: Vec<Toast>,
    said: u64,
}

/// How long it stays; nothing for what is only good to know.
fn stay(tone: Tone) -> Option<Duration> {
    match tone {
        Tone::Note => None,
        Tone::Done => Some(Duration::from_secs(6)),
        Tone::Error => Some(Duration::from_secs(20)),
    }
}

impl Toasts {
    pub(super) fn say(&mut self, now: Duration, job: Job, tone: Tone, text: &str) {
        let Some(stay) = stay(tone) else { return };
        self.list.retain(|toast| toast.until > now);
        if self.list.len() == MOST {
            self.list.remove(0);
        }
        self.said += 1;
        self.list.push(Toast { number: self.said, tone, job, text: text.to_owned(), until: now + stay });
    }

    /// Those to be shown now, newest last.
    pub fn shown(&self, now: Duration) -> impl Iterator<Item = &Toast> {
        self.list.iter().filter(move |toast| toast.until > now)
    }

    /// In how long the next of them ends.
    pub fn next_end(&self, now: Duration) -> Option<Duration> {
        self.shown(now).map(|toast| toast.until - now).min()
    }

    pub(super) fn dismiss(&mut self, number: u64) {
        self.list.retain(|toast| toast.number != number);
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(toasts: &Toasts, secs: u64) -> Vec<&str> {
        toasts.shown(Duration::from_secs(secs)).map(|toast| toast.text.as_str()).collect()
    }

    #[test]
    fn what_went_well_ends_sooner_than_what_failed() {
        let mut toasts = Toasts::default();
        toasts.say(Duration::from_secs(1), Job::Export, Tone::Done, "done");
        toasts.say(Duration::from_secs(1), Job::Export, Tone::Error, "failed");
        toasts.say(Duration::from_secs(1), Job::Export, Tone::Note, "noted");
        assert_eq!(shown(&toasts, 6), ["done", "failed"]);
        assert_eq!(toasts.next_end(Duration::from_secs(6)), Some(Duration::from_secs(1)));
        assert_eq!(shown(&toasts, 7), ["failed"]);
        assert_eq!(toasts.next_end(Duration::from_secs(7)), Some(Duration::from_secs(14)));
        assert!(shown(&toasts, 21).is_empty() && toasts.next_end(Duration::from_secs(21)).is_none());
    }

    #[test]
    fn the_newest_are_shown_and_what_has_ended_takes_no_place() {
        let mut toasts = Toasts::default();
        toasts.say(Duration::ZERO, Job::Export, Tone::Error, "failed");
        toasts.say(Duration::ZERO, Job::Export, Tone::Done, "first");
        toasts.say(Duration::ZERO, Job::Export, Tone::Done, "second");
        toasts.say(Duration::from_secs(10), Job::Export, Tone::Done, "third");
        assert_eq!(shown(&toasts, 10), ["failed", "third"], "an older failure outlives what has ended");
        ["fourth", "fifth"].into_iter().for_each(|text| toasts.say(Duration::from_secs(10), Job::Export, Tone::Done, text));
        assert_eq!(shown(&toasts, 10), ["third", "fourth", "fifth"]);
        let number = toasts.shown(Duration::from_secs(10)).nth(1).map(|toast| toast.number);
        number.into_iter().for_each(|number| toasts.dismiss(number));
        assert_eq!(shown(&toasts, 10), ["third", "fifth"]);
    }

    #[test]
    fn what_went_well_in_sight_is_no_news_and_what_failed_is() {
        let mut toasts = Toasts::default();
        toasts.say(Duration::ZERO, Job::Draw, Tone::Done, "drew");
        toasts.say(Duration::ZERO, Job::Draw, Tone::Error, "failed");
        let news = |place| toasts.shown(Duration::ZERO).filter(|toast| toast.is_news_in(place)).count();
        assert_eq!((news(Workspace::Play), news(Workspace::Train)), (1, 2));
    }
}
