//! What is reported of reading drawings, making cards and taking files over.

use super::{Importing, PAGE, Phase, words};
use crate::session::{Event, Failure, Outcome};
use crate::studio::engine::Job;
use crate::studio::state::{Effect, State};

impl State {
    /// Reading a page of drawings.
    pub(in crate::studio::state) fn browsed(&mut self, event: Event) -> Vec<Effect> {
        let categories = &mut self.categories;
        match event {
            Event::Progress { done, total: Some(total), .. } => {
                categories.progress = Some((done, total));
                return Vec::new();
            }
            Event::Finished(Outcome::Browsed(browsed)) => {
                categories.reading = Phase::Idle;
                let page = (browsed.first / PAGE) as u64;
                categories.browsed = Some(*browsed);
                // There may be fewer pages than there were.
                if self.categories.asked == self.wanted_page()
                    && let Some(asked) = &mut self.categories.asked
                {
                    asked.page = page;
                    self.categories.page = page;
                }
            }
            Event::Finished(_) => {
                // Stopped for another page.
                categories.reading = Phase::Idle;
                categories.asked = None;
            }
            Event::Failed(Failure { window: text, .. }) => categories.reading = Phase::Failed(text),
            _ => return Vec::new(),
        }
        self.settle_categories()
    }

    /// Making what the cards show.
    pub(in crate::studio::state) fn carded(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Finished(Outcome::Cards(cards)) => self.categories.cards.made(*cards, &self.library),
            Event::Finished(_) => self.categories.cards.failed(&self.library),
            Event::Failed(Failure { window: text, .. }) => {
                self.categories.cards.failed(&self.library);
                self.messages.error(self.now, Job::Cards, format!("Some categories cannot be drawn small: {text}"));
            }
            _ => return Vec::new(),
        }
        self.settle_categories()
    }

    /// Taking files over.
    pub(in crate::studio::state) fn imported(&mut self, event: Event) -> Vec<Effect> {
        let importing = &mut self.categories.importing;
        match event {
            Event::Stage(stage) => *importing = Importing::Running(stage, None),
            Event::Progress { done, total: Some(total), .. } => {
                if let Importing::Running(_, far) = importing {
                    *far = Some((done, total));
                }
            }
            Event::Finished(Outcome::Imported(files)) => {
                let told = words::imported(&files);
                for text in &told {
                    self.messages.done(self.now, Job::Import, text.clone());
                }
                *importing = Importing::Done(told);
                if let Some(name) = words::first_category(&files) {
                    self.categories.page = 0;
                    self.categories.reveal = true;
                    self.categories.selected = Some(name.to_owned());
                }
                return self.survey();
            }
            Event::Finished(_) => {
                *importing = Importing::Stopped;
                self.messages.note(self.now, Job::Import, "The import was stopped.".into());
                return self.survey();
            }
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Import, format!("Importing failed: {text}"));
                *importing = Importing::Failed(text);
                return self.survey();
            }
            _ => {}
        }
        Vec::new()
    }

    /// The disk was looked at.
    pub(in crate::studio::state) fn settle_cards(&mut self) -> Vec<Effect> {
        self.categories.cards.settle(&self.library);
        self.categories.cards.retry();
        self.settle_categories()
    }
}
