//! What is reported of runs: the list, a change, losses.

use std::path::{Path, PathBuf};

use super::{Changing, Reading};
use crate::session::{Event, Failure, Outcome, Previews, RunChanged};
use crate::studio::action::{Action, RunsAction};
use crate::studio::engine::Job;
use crate::studio::state::library::Look;
use crate::studio::state::run::Phase;
use crate::studio::state::{Effect, State};
use crate::studio::words;

impl State {
    /// The list of runs.
    pub(in crate::studio::state) fn listed_runs(&mut self, event: Event) -> Vec<Effect> {
        let runs = &mut self.runs;
        let mut effects = Vec::new();
        match event {
            Event::Finished(Outcome::Runs(list)) => {
                runs.list = list;
                runs.look = Look::Done;
                // What is gone is neither looked at nor drawn.
                let gone = |folder: &Path| runs.list.iter().all(|run| run.folder != folder);
                runs.plotted.retain(|plotted| !gone(&plotted.folder));
                if runs.asking.as_deref().is_some_and(gone) {
                    runs.asking = None;
                }
                if runs.selected.as_deref().is_none_or(gone) {
                    let first = runs.list.first().map(|run| run.folder.clone());
                    runs.select(first);
                } else {
                    runs.fill();
                }
                let before = std::mem::take(&mut runs.remembered).into_iter().filter(|folder| self.runs.find(folder).is_some());
                for folder in before.collect::<Vec<_>>() {
                    effects.extend(self.act(RunsAction::Plot(folder).into()));
                }
            }
            Event::Finished(_) => runs.look = Look::Never,
            Event::Failed(Failure { window: text, .. }) => {
                self.messages.error(self.now, Job::Runs, format!("The runs cannot be listed: {text}"));
                runs.look = Look::Failed(text);
            }
            _ => return Vec::new(),
        }
        if std::mem::take(&mut self.runs.again) {
            effects.extend(self.look_for_runs());
        }
        effects
    }

    /// What became of a change.
    pub(in crate::studio::state) fn changed_run(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Finished(Outcome::RunChanged(RunChanged { from, to })) => {
                let changing = self.runs.changing.take();
                let mut effects = Vec::new();
                match (changing, to) {
                    (Some(Changing::Delete(bytes)), None) => {
                        let text = format!("Deleted the run {}: {} are free.", words::file_name(&from), words::bytes(bytes));
                        self.messages.done(self.now, Job::ChangeRun, text);
                        self.runs.plotted.retain(|plotted| plotted.folder != from);
                        effects.extend(self.forget_model(&from));
                        effects.extend(self.survey());
                    }
                    (Some(Changing::Rename), Some(to)) => {
                        let text = format!("Renamed {} to {}.", words::file_name(&from), words::file_name(&to));
                        self.messages.done(self.now, Job::ChangeRun, text);
                        self.move_run(&from, &to);
                        effects.extend(self.survey());
                    }
                    _ => {
                        // The list is looked at anew; until then it knows the note that is there.
                        let note = self.runs.note.clone();
                        if self.runs.selected.as_ref() == Some(&from)
                            && let Some(run) = self.runs.list.iter_mut().find(|run| run.folder == from)
                        {
                            run.note = note;
                        }
                    }
                }
                effects.extend(self.look_for_runs());
                return effects;
            }
            Event::Finished(_) => self.runs.changing = None,
            Event::Failed(Failure { window: text, .. }) => {
                let what = match self.runs.changing.take() {
                    Some(Changing::Note) => "The note was not saved",
                    Some(Changing::Rename) => "The run was not renamed",
                    Some(Changing::Delete(_)) | None => "The run was not deleted",
                };
                let text = format!("{what}: {text}");
                self.messages.error(self.now, Job::ChangeRun, text.clone());
                self.runs.problem = Some(text);
                // The list may be older than what the worker found.
                return self.look_for_runs();
            }
            _ => {}
        }
        Vec::new()
    }

    /// Losses and preview sheets of a run that is on the plot, or was.
    pub(in crate::studio::state) fn read_run(&mut self, event: Event) -> Vec<Effect> {
        let mut previews = Previews::default();
        let reading = match event {
            Event::Finished(Outcome::Curves(mut curves)) => {
                previews = std::mem::take(&mut curves.previews);
                Reading::Done(curves)
            }
            Event::Finished(_) => Reading::Failed("it was stopped".into()),
            Event::Failed(Failure { window: text, .. }) => Reading::Failed(text),
            _ => return Vec::new(),
        };
        let folder = self.runs.reading.take();
        if let Reading::Failed(text) = &reading {
            let name = folder.as_deref().map_or_else(String::new, words::file_name);
            self.messages.error(self.now, Job::Curves, format!("The losses of {name} cannot be read: {text}"));
        }
        // Taken off and put on again meanwhile, it waits: this is what it waits for.
        if let Some(plotted) = self.runs.plotted.iter_mut().find(|plotted| Some(&plotted.folder) == folder.as_ref()) {
            plotted.reading = reading;
            plotted.sheets.take(previews);
        }
        self.read_curves()
    }

    /// A run has another folder now: whatever names it follows.
    fn move_run(&mut self, from: &Path, to: &Path) {
        let follow = |path: &mut PathBuf| {
            if let Ok(rest) = path.strip_prefix(from) {
                *path = if rest.as_os_str().is_empty() { to.to_path_buf() } else { to.join(rest) };
            }
        };
        let follow_text = |text: &mut String| {
            let mut path = PathBuf::from(text.trim());
            if path.starts_with(from) {
                follow(&mut path);
                *text = path.display().to_string();
            }
        };
        for run in &mut self.runs.list {
            if run.folder == from {
                run.name = words::file_name(to);
            }
            follow(&mut run.folder);
        }
        self.runs.plotted.iter_mut().for_each(|plotted| follow(&mut plotted.folder));
        [&mut self.runs.selected, &mut self.runs.asking, &mut self.runs.reading].into_iter().flatten().for_each(follow);
        self.runs.fill();
        if let Some(request) = &mut self.run.request {
            follow(&mut request.out);
        }
        if let Phase::Ended { model, .. } = &mut self.run.phase {
            follow(model);
        }
        let compared = self.compare.result.iter_mut().flat_map(|compared| &mut compared.files);
        self.evaluation.files.iter_mut().chain(compared).for_each(follow);
        let requested = self.evaluation.request.as_mut().and_then(|request| request.out.as_mut());
        requested.into_iter().for_each(follow);
        self.compare.form.paths().for_each(follow);
        self.evaluation.form.chosen.iter_mut().for_each(|one| follow(&mut one.path));
        follow_text(&mut self.play.model);
        follow_text(&mut self.form.from);
    }

    /// A model is gone: nothing may be asked of it any more, and another one is at hand.
    fn forget_model(&mut self, folder: &Path) -> Vec<Effect> {
        let names_it = |text: &str| Path::new(text.trim()).starts_with(folder);
        if names_it(&self.form.from) {
            self.form.from.clear();
        }
        if self.run.folder().is_some_and(|trained| trained.starts_with(folder)) {
            self.run.forget();
        }
        self.compare.form.forget(folder);
        self.evaluation.form.chosen.retain(|one| !one.path.starts_with(folder));
        if !names_it(&self.play.model) {
            return Vec::new();
        }
        let other = self.library.models.iter().find(|path| !path.starts_with(folder)).cloned();
        match other {
            Some(path) => self.act(Action::UseModel(path)),
            None => {
                self.play.model.clear();
                Vec::new()
            }
        }
    }
}
