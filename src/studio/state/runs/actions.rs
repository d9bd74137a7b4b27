//! What may be asked for of runs, and what comes of it.

use std::path::{Path, PathBuf};

use super::{Changing, MOST_PLOTTED, Plotted, Reading, Side};
use crate::config::DeviceChoice;
use crate::session::{ChangeRunRequest, Command, NOTE_MOST, RunChange, RunInfo, check_run_name};
use crate::studio::action::{Action, RunsAction};
use crate::studio::engine::Job;
use crate::studio::state::form::{LengthKind, StartFrom};
use crate::studio::state::library::Look;
use crate::studio::state::sheets::Sheets;
use crate::studio::state::{Effect, State, Workspace, unless};
use crate::studio::words::sentence;

impl State {
    pub(in crate::studio::state) fn why_not_runs(&self, action: &RunsAction) -> Option<String> {
        let none = || Some("Choose a run first.".to_owned());
        let chosen = self.runs.chosen();
        match action {
            RunsAction::Show(_) | RunsAction::Select(_) | RunsAction::AskDelete(false) => None,
            RunsAction::Look => unless(!self.runs.is_looking(), "It is looking already."),
            RunsAction::Move(_) => unless(!self.runs.list.is_empty(), "There are no runs."),
            RunsAction::Plot(folder) => self.why_not_plot(folder),
            RunsAction::PlotChosen => chosen.map_or_else(none, |run| self.why_not_plot(&run.folder)),
            RunsAction::SaveNote | RunsAction::Rename | RunsAction::AskDelete(true) if self.runs.changing.is_some() => {
                Some("The last change is still being made.".into())
            }
            RunsAction::SaveNote => chosen.map_or_else(none, |run| {
                let fits = self.runs.note.chars().count() <= NOTE_MOST;
                unless(fits, &format!("A note has at most {NOTE_MOST} characters."))
                    .or_else(|| unless(self.runs.note != run.note, "The note is saved as it is."))
            }),
            RunsAction::Rename => chosen.map_or_else(none, |run| self.why_not_rename(run)),
            RunsAction::AskDelete(true) => chosen.map_or_else(none, |run| self.why_busy(run)),
            RunsAction::Delete => match self.runs.doomed() {
                None => none(),
                Some(run) => self.why_busy(run),
            },
            RunsAction::Continue if self.run.is_active() => Some("A model is being trained already.".into()),
            RunsAction::Continue => chosen.map_or_else(none, |run| match &run.facts {
                Err(_) => Some("This run cannot be read.".into()),
                Ok(facts) => unless(facts.steps.is_some(), "There is no checkpoint to go on from."),
            }),
            RunsAction::Draw => chosen.map_or_else(none, |run| match &run.facts {
                Err(_) => Some("This run cannot be read.".into()),
                Ok(facts) => unless(facts.steps.is_some() || facts.best.is_some(), "There is no model in this run yet."),
            }),
        }
    }

    fn why_not_plot(&self, folder: &Path) -> Option<String> {
        if self.runs.plotted(folder).is_some() {
            return None;
        }
        if self.run.folder() == Some(folder) {
            return Some("It is on the plot: it is the run that is shown.".into());
        }
        if self.runs.plotted.len() >= MOST_PLOTTED {
            return Some(format!("{MOST_PLOTTED} other runs are on the plot already: take one off first."));
        }
        self.runs.find(folder).filter(|run| run.facts.is_err()).map(|_| "This run cannot be read.".into())
    }

    fn why_not_rename(&self, run: &RunInfo) -> Option<String> {
        let name = self.runs.name.trim();
        let taken = || self.runs.list.iter().any(|other| other.name == name).then(|| "There is a run of this name already.".to_owned());
        self.why_busy(run)
            .or_else(|| unless(name != run.name, "It is called so."))
            .or_else(|| check_run_name(name).err().map(|error| sentence(&error.for_window())))
            .or_else(taken)
    }

    /// Why a run can be neither renamed nor deleted now.
    fn why_busy(&self, run: &RunInfo) -> Option<String> {
        let within = |path: &Path| path.starts_with(&run.folder);
        let scored = self.evaluation.request.as_ref().filter(|_| self.evaluation.is_active());
        let compared = self.compare.request.as_ref().filter(|_| self.compare.is_active());
        let used = scored.is_some_and(|request| request.subjects.iter().any(|subject| within(subject.source.path())))
            || compared.is_some_and(|request| request.models.iter().any(|model| within(model)));
        unless(!self.active_folder().is_some_and(within), "A model is being trained in it.")
            .or_else(|| unless(!used, "Its model is being scored. Wait for it, or cancel it."))
    }

    /// The person is being asked whether a run is to be deleted.
    pub fn asks_to_delete(&self) -> bool {
        self.workspace == Workspace::Train && self.runs.doomed().is_some()
    }

    /// The folder that a model is being trained in.
    pub fn active_folder(&self) -> Option<&Path> {
        self.run.folder().filter(|_| self.run.is_active())
    }

    pub(in crate::studio::state) fn act_runs(&mut self, action: RunsAction) -> Vec<Effect> {
        match action {
            RunsAction::Show(side) => {
                self.runs.side = side;
                return if side == Side::Runs { self.look_for_runs() } else { Vec::new() };
            }
            RunsAction::Look => return self.look_for_runs(),
            RunsAction::Select(folder) => return self.select_run(folder),
            RunsAction::Move(step) => {
                let selected = self.runs.selected.as_deref();
                let now = self.runs.list.iter().position(|run| Some(run.folder.as_path()) == selected);
                let to = now.map_or(0, |now| now.saturating_add_signed(step).min(self.runs.list.len().saturating_sub(1)));
                self.runs.reveal = true;
                let folder = self.runs.list.get(to).map(|run| run.folder.clone());
                return folder.map_or_else(Vec::new, |folder| self.select_run(folder));
            }
            RunsAction::SaveNote => {
                let note = self.runs.note.clone();
                return self.change_run(self.runs.selected.clone(), RunChange::Note(note), Changing::Note);
            }
            RunsAction::Rename => {
                let name = self.runs.name.trim().to_owned();
                return self.change_run(self.runs.selected.clone(), RunChange::Rename(name), Changing::Rename);
            }
            RunsAction::AskDelete(ask) => self.runs.asking = self.runs.selected.clone().filter(|_| ask),
            RunsAction::Delete => {
                let bytes = self.runs.doomed().map_or(0, |run| run.bytes);
                let doomed = self.runs.asking.take();
                return self.change_run(doomed, RunChange::Delete, Changing::Delete(bytes));
            }
            RunsAction::Plot(folder) => return self.plot_run(folder),
            RunsAction::PlotChosen => {
                return self.runs.selected.clone().map_or_else(Vec::new, |folder| self.plot_run(folder));
            }
            RunsAction::Continue => {
                if let Some(folder) = &self.runs.selected {
                    self.form.start = StartFrom::Run;
                    self.form.from = folder.display().to_string();
                    // As it was planned, and where it was: it is the same run.
                    (self.form.length, self.form.device) = (LengthKind::Preset, DeviceChoice::Auto);
                }
                self.ask_for_more_steps();
            }
            RunsAction::Draw => {
                let Some(folder) = self.runs.selected.clone() else { return Vec::new() };
                let mut effects = self.act(Action::UseModel(folder));
                effects.extend(self.act(Action::Show(Workspace::Play)));
                return effects;
            }
        }
        Vec::new()
    }

    /// A run that has made all its steps goes on only if it is given more.
    fn ask_for_more_steps(&mut self) {
        let facts = self.runs.chosen().and_then(|run| run.facts.as_ref().ok());
        let Some((steps, planned)) = facts.and_then(|facts| facts.steps.zip(facts.planned)) else { return };
        if steps >= planned {
            (self.form.length, self.form.steps) = (LengthKind::Steps, steps.saturating_mul(2).max(1));
            let text = "All steps that were planned for this run are made: the form asks for as many again.";
            self.messages.note(self.now, Job::Runs, text.into());
        }
    }

    /// Looks at the runs; once more afterwards if they are being looked at.
    pub(in crate::studio::state) fn look_for_runs(&mut self) -> Vec<Effect> {
        if self.runs.is_looking() {
            self.runs.again = true;
            return Vec::new();
        }
        self.runs.look = Look::Looking;
        vec![Effect::Start(Job::Runs, Command::Runs(self.options.runs.clone()))]
    }

    /// The same, if somebody has ever asked for the list.
    pub(in crate::studio::state) fn look_for_runs_again(&mut self) -> Vec<Effect> {
        if self.runs.look == Look::Never { Vec::new() } else { self.look_for_runs() }
    }

    /// Looks at another run; a note that was written and not saved is saved first.
    fn select_run(&mut self, folder: PathBuf) -> Vec<Effect> {
        if self.runs.selected.as_ref() == Some(&folder) {
            return Vec::new();
        }
        let effects = self.act(RunsAction::SaveNote.into());
        self.runs.select(Some(folder));
        effects
    }

    fn change_run(&mut self, folder: Option<PathBuf>, change: RunChange, changing: Changing) -> Vec<Effect> {
        let Some(folder) = folder else { return Vec::new() };
        self.runs.changing = Some(changing);
        self.runs.problem = None;
        let active = self.active_folder().map(Path::to_path_buf);
        let request = ChangeRunRequest { runs: self.options.runs.clone(), folder, active, change };
        vec![Effect::Start(Job::ChangeRun, Command::ChangeRun(Box::new(request)))]
    }

    /// The other run whose preview sheets are shown: the one that is looked at in the list, if it is on the plot and has any.
    pub fn previewed(&self) -> Option<&Plotted> {
        self.previewed_at().and_then(|place| self.runs.plotted.get(place))
    }

    /// Its place among those on the plot.
    fn previewed_at(&self) -> Option<usize> {
        let folder = self.runs.selected.as_deref().filter(|folder| self.runs.side == Side::Runs && self.run.folder() != Some(*folder))?;
        self.runs.plotted.iter().position(|plotted| plotted.folder == folder && !plotted.sheets.is_empty())
    }

    /// The preview sheets that are shown: of the present run, or of another one that is looked at.
    pub fn sheets(&self) -> &Sheets {
        self.previewed().map_or(&self.run.sheets, |plotted| &plotted.sheets)
    }

    /// The same, to look at another one of them.
    pub(in crate::studio::state) fn sheets_mut(&mut self) -> &mut Sheets {
        if let Some(place) = self.previewed_at()
            && let Some(plotted) = self.runs.plotted.get_mut(place)
        {
            return &mut plotted.sheets;
        }
        &mut self.run.sheets
    }

    /// Puts a run on the plot, or takes it off.
    fn plot_run(&mut self, folder: PathBuf) -> Vec<Effect> {
        if self.runs.plotted(&folder).is_some() {
            self.runs.plotted.retain(|plotted| plotted.folder != folder);
        } else {
            let colour = self.runs.free_colour();
            self.runs.plotted.push(Plotted { folder, colour, reading: Reading::Waiting, sheets: Sheets::default() });
        }
        self.read_curves()
    }

    /// Reads the losses of the next run that is on the plot without them, one after the other.
    pub(super) fn read_curves(&mut self) -> Vec<Effect> {
        if self.runs.reading.is_some() {
            return Vec::new();
        }
        let next = self.runs.plotted.iter_mut().find(|plotted| matches!(plotted.reading, Reading::Waiting));
        let Some(next) = next else { return Vec::new() };
        next.reading = Reading::Running;
        let folder = next.folder.clone();
        self.runs.reading = Some(folder.clone());
        vec![Effect::Start(Job::Curves, Command::Curves(folder))]
    }
}
