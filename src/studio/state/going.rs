//! What goes on, and how far it is: all long work tells it alike.

use crate::session::Event;
use crate::studio::words::{count, sentence};
use crate::util::number;

/// What is at hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Going {
    /// In words; empty while there is nothing to say.
    pub stage: String,
    /// So many are done, of so many where that is known, of what.
    pub(super) progress: Option<(u64, Option<u64>, &'static str)>,
}

impl Going {
    /// This begins.
    pub(super) fn at(stage: &str) -> Self {
        Self { stage: stage.into(), progress: None }
    }

    /// Takes in what is told of it; everything else is for others.
    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::Stage(stage) => *self = Self { stage, progress: None },
            Event::Progress { done, total, unit } => self.progress = Some((done, total, unit)),
            _ => {}
        }
    }

    /// Share that is done, where it is known of how many.
    pub fn share(&self) -> Option<f32> {
        let (done, total, _) = self.progress?;
        share(done, total)
    }

    /// "120 of 200 drawings"
    pub fn far(&self) -> Option<String> {
        let (done, total, unit) = self.progress?;
        let of = total.map_or_else(String::new, |total| format!(" of {}", count(total)));
        Some(format!("{}{of} {}", count(done), number::unit(total.unwrap_or(done), unit)))
    }

    /// "looking at the test drawings of cat, 120 of 200 drawings"
    pub fn line(&self) -> String {
        self.far().map_or_else(|| self.stage.clone(), |far| format!("{}, {far}", self.stage))
    }

    /// "Looking at the test drawings of cat. 120 of 200 drawings."
    pub fn sentences(&self) -> String {
        let stage = (!self.stage.is_empty()).then(|| sentence(&self.stage));
        stage.into_iter().chain(self.far().map(|far| far + ".")).collect::<Vec<_>>().join(" ")
    }
}

/// Share that is done, 0 to 1, where it is known of how many.
pub(super) fn share(done: u64, total: Option<u64>) -> Option<f32> {
    let total = total.filter(|&total| total > 0)?;
    Some((done as f64 / total as f64).clamp(0.0, 1.0) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_well_however_much_is_known() {
        let mut going = Going::at("reading cat");
        assert_eq!((going.line().as_str(), going.sentences().as_str(), going.share()), ("reading cat", "Reading cat.", None));
        going.hear(Event::Progress { done: 3, total: None, unit: "drawings" });
        assert_eq!((going.line().as_str(), going.share()), ("reading cat, 3 drawings", None));
        going.hear(Event::Progress { done: 1, total: Some(1), unit: "categories" });
        assert_eq!((going.sentences().as_str(), going.share()), ("Reading cat. 1 of 1 category.", Some(1.0)));
        going.hear(Event::Stage("drawing".into()));
        assert_eq!(going, Going::at("drawing"), "what was done before says nothing of this");
        assert_eq!(Going::default().sentences(), "");
    }
}
