//! What is reported: events of work, answers of dialogs, files that were written.

use std::path::PathBuf;

use super::{Action, Ask, Closing, CompareAction, Effect, EvaluateAction, Event, Job, State};
use crate::session::Outcome;
use crate::studio::action::CategoriesAction;

impl State {
    /// Takes an event of some work in.
    pub fn apply(&mut self, job: Job, event: Event) -> Vec<Effect> {
        let effects = self.take_in(job, event);
        self.settle_closing();
        effects
    }

    fn take_in(&mut self, job: Job, event: Event) -> Vec<Effect> {
        if let (Event::Message(text), false) = (&event, job.is_passing()) {
            self.messages.note(self.now, job, text.clone());
        }
        let over = matches!(event, Event::Finished(_) | Event::Failed(_));
        match job {
            Job::Survey => self.library.surveyed(event, &mut self.messages, self.now),
            Job::Fetch => {
                let mut effects = self.library.fetched(event, &self.options.folders, &mut self.messages, self.now);
                if over {
                    effects.extend(self.survey());
                }
                return effects;
            }
            Job::Train => {
                self.run.apply(event, &mut self.messages, self.now);
                if over && self.closing == Closing::Saving {
                    // Failing to save is worth staying for.
                    self.closing = if self.run.has_failed() { Closing::No } else { Closing::Yes };
                } else if over {
                    let mut effects = self.survey();
                    effects.extend(self.look_for_runs_again());
                    return effects;
                }
            }
            Job::Runs => return self.listed_runs(event),
            Job::ChangeRun => return self.changed_run(event),
            Job::Curves => return self.read_run(event),
            Job::Draw => {
                self.play.apply(event, &mut self.messages, self.now);
                return self.settle_play();
            }
            Job::Trace => return self.traced(event),
            Job::Noise => return self.noised(event),
            Job::Continue => self.denoise.continued(event, &mut self.messages, self.now),
            Job::Complete => return self.completed(event),
            Job::Describe => return self.described(event),
            Job::Keep => return self.kept(event),
            Job::Collections => self.collections_counted(event),
            Job::Guess => return self.guessed(event),
            Job::Export | Job::SaveScores => {
                let event = match event {
                    Event::Finished(Outcome::Exists { path, again }) => {
                        self.ask_to_replace(path, Effect::Start(job, *again));
                        Event::Finished(Outcome::Cancelled)
                    }
                    event => event,
                };
                match job {
                    Job::Export => self.export.writing.apply(event, job, "Export failed", &mut self.messages, self.now),
                    _ => self.evaluation.saving.apply(event, job, "The scores were not saved", &mut self.messages, self.now),
                }
            }
            Job::Interpolate => return self.interpolated(event),
            Job::Between => return self.placed(event),
            Job::Compare => self.compare.apply(event, &mut self.messages, self.now),
            Job::Evaluate => self.evaluation.apply(event, &mut self.messages, self.now),
            Job::Weights => {
                self.weights.apply(event, &mut self.messages, self.now);
                self.compare.form.look();
            }
            Job::Import => return self.imported(event),
            Job::Browse => return self.browsed(event),
            Job::Cards => return self.carded(event),
        }
        if job == Job::Survey && over {
            let mut effects = self.settle_choices();
            effects.extend(self.settle_cards());
            if std::mem::take(&mut self.library.again) {
                effects.extend(self.survey());
            }
            return effects;
        }
        Vec::new()
    }

    /// A file dialog was closed.
    pub fn answer(&mut self, ask: &Ask, path: Option<PathBuf>) -> Vec<Effect> {
        match (ask, path) {
            (Ask::Save { forms, .. }, Some(path)) => {
                let path = with_ending(path, forms.first().map_or("", |(_, ending)| *ending));
                self.export.answered(Some(path))
            }
            (Ask::Save { .. }, None) => {
                // Without a desktop portal there is no dialog, and the answer looks the same as a cancel.
                self.messages.note(self.now, Job::Export, "No file was chosen. If no dialog opened, type a path beside Export.".into());
                self.export.answered(None)
            }
            (Ask::SaveScores { .. }, Some(path)) => {
                let (path, replace) = with_ending(path, "json");
                self.evaluation.save(path, replace)
            }
            (Ask::Subject { .. }, Some(path)) => self.act(EvaluateAction::AddSubject(path).into()),
            (Ask::Weights, Some(path)) => self.act(EvaluateAction::ImportWeights(path).into()),
            (Ask::Weights, None) => {
                let text = "No file was chosen. If no dialog opened, type its path beside the button.";
                self.messages.note(self.now, Job::Weights, text.into());
                Vec::new()
            }
            (Ask::SaveScores { .. } | Ask::Subject { .. }, None) => {
                let text = "No file was chosen. If no dialog opened, type a path in Evaluate.";
                self.messages.note(self.now, Job::Evaluate, text.into());
                Vec::new()
            }
            (Ask::Compared { .. }, Some(path)) => self.act(CompareAction::Add(path).into()),
            (Ask::Compared { .. }, None) => {
                let text = "No model was chosen. If no dialog opened, type a path in Compare.";
                self.messages.note(self.now, Job::Compare, text.into());
                Vec::new()
            }
            (Ask::Drawings | Ask::Splits, Some(path)) => self.act(CategoriesAction::ImportFiles(vec![path]).into()),
            (Ask::Drawings | Ask::Splits, None) => {
                let text = "No file was chosen. If no dialog opened, type a path in Categories.";
                self.messages.note(self.now, Job::Import, text.into());
                Vec::new()
            }
            (Ask::Model { .. }, Some(path)) => self.act(Action::UseModel(path)),
            (Ask::Model { .. }, None) => {
                self.messages.note(self.now, Job::Draw, "No model was chosen. If no dialog opened, type a path below.".into());
                Vec::new()
            }
        }
    }
}

/// The path with an ending, and whether a file of it may be replaced: the dialog has asked for the path that it gave, and for no other.
fn with_ending(mut path: PathBuf, ending: &str) -> (PathBuf, bool) {
    let whole = path.extension().is_some();
    if !whole {
        path.set_extension(ending);
    }
    (path, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_dialog_asked_about_is_replaced_unasked() {
        assert_eq!(with_ending("out/cat.png".into(), "gif"), (PathBuf::from("out/cat.png"), true));
        assert_eq!(with_ending("out/cat".into(), "gif"), (PathBuf::from("out/cat.gif"), false));
    }
}
