//! What is so, and how it changes. No window, no threads: actions and events go in, effects come out.

pub mod evaluate;
pub mod export;
pub mod form;
pub mod library;
pub mod messages;
pub mod play;
pub mod run;
pub mod settings;
pub mod weights;

use std::path::PathBuf;
use std::time::Duration;

use super::Options;
use super::action::Action;
use super::dialog::Ask;
use super::engine::Job;
use super::words;
use crate::session::{Command, Event, SurveyRequest, WeightsRequest, shipped};
use crate::util::Reason;
use evaluate::Evaluation;
use export::Exporting;
use form::Form;
use library::Library;
use messages::Messages;
use play::Play;
use run::Run;
use weights::Weights;

/// A place in the window. More will come: each is a tab, a folder in `panels`, and a part of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Workspace {
    /// Choosing and training.
    #[default]
    Train,
    /// Drawing and watching.
    Play,
    /// Scoring drawings.
    Evaluate,
}

impl Workspace {
    /// In the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Train, Self::Play, Self::Evaluate];

    /// The tab's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "Train",
            Self::Play => "Play",
            Self::Evaluate => "Evaluate",
        }
    }
}

/// Whether the window is closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Closing {
    /// No.
    #[default]
    No,
    /// A model is training: the person is being asked.
    Asking,
    /// Waiting until the training is saved.
    Saving,
    /// Nothing is in the way any more.
    Yes,
}

/// What the window must do for the state.
#[derive(Debug)]
pub enum Effect {
    /// Start work.
    Start(Job, Command),
    /// Hold work, or let it go on.
    Pause(Job, bool),
    /// Ask work to stop.
    Stop(Job, Reason),
    /// Open a file dialog.
    Ask(Ask),
    /// Write these bytes to a file; [`State::written`] is told how it went.
    Write(PathBuf, Vec<u8>),
    /// Show a folder in the platform's file manager.
    OpenFolder(PathBuf),
    /// Change between light and dark.
    SwitchTheme,
}

/// All of it.
#[derive(Debug)]
pub struct State {
    /// What the window was opened with.
    pub options: Options,
    /// Time since the window was opened.
    pub now: Duration,
    /// Which tab is shown.
    pub workspace: Workspace,
    /// Categories and models on the disk.
    pub library: Library,
    /// What to train next.
    pub form: Form,
    /// The training that runs, or the last one.
    pub run: Run,
    /// Drawing and playing.
    pub play: Play,
    /// Scoring drawings.
    pub evaluation: Evaluation,
    /// The weights that some scores need.
    pub weights: Weights,
    /// Writing files.
    pub export: Exporting,
    /// What was said.
    pub messages: Messages,
    /// What is said of the program itself is shown.
    pub about: bool,
    /// Whether the window is closing.
    pub closing: Closing,
}

impl State {
    /// The state of a window that was just opened. `exports` is the folder that is suggested for exported files.
    ///
    /// # Errors
    /// If a built-in preset cannot be read.
    pub fn new(options: Options, exports: PathBuf) -> crate::util::Result<Self> {
        let form = Form::new(&options)?;
        Ok(Self {
            now: Duration::ZERO,
            workspace: Workspace::default(),
            library: Library::default(),
            play: Play::new(form.settings.clone()),
            form,
            run: Run::default(),
            evaluation: Evaluation::new(&options),
            weights: Weights::default(),
            export: Exporting::new(exports),
            messages: Messages::default(),
            about: false,
            closing: Closing::default(),
            options,
        })
    }

    /// What ctrl-Enter does here.
    pub fn main_action(&self) -> Action {
        match self.workspace {
            Workspace::Train if self.run.is_active() => Action::Stop,
            Workspace::Train => Action::Start,
            Workspace::Play if self.play.is_drawing() => Action::StopDrawing,
            Workspace::Play => Action::Draw,
            Workspace::Evaluate if self.evaluation.is_active() => Action::CancelEvaluation,
            Workspace::Evaluate => Action::Evaluate,
        }
    }

    /// Why an action cannot be carried out now; `None` if it can. Buttons are disabled by this and say it.
    pub fn why_not(&self, action: &Action) -> Option<String> {
        let unless = |possible: bool, why: &str| (!possible).then(|| why.to_owned());
        match action {
            Action::Start if self.run.is_active() => Some("A model is being trained already.".into()),
            Action::Start | Action::Continue | Action::Resume if self.evaluation.is_active() => {
                Some("An evaluation is running and needs the processor. Wait for it, or cancel it in Evaluate.".into())
            }
            Action::Start => self.form.complaint(),
            Action::Evaluate if self.evaluation.is_active() => Some("An evaluation is running already.".into()),
            Action::Evaluate if self.run.is_running() => {
                Some("A model is being trained and needs the processor. Pause or stop it, or wait until it is done.".into())
            }
            Action::Evaluate if self.run.is_active() && !self.run.is_paused() => Some("The training is being saved: a moment.".into()),
            Action::Evaluate if self.weights.is_active() => Some("The weights are on their way: a moment.".into()),
            Action::Evaluate => self.evaluation.form.complaint(),
            Action::CancelEvaluation => match self.evaluation.phase {
                evaluate::Phase::Stopping => Some("The request to cancel is sent; the work ends after the drawings at hand.".into()),
                _ => unless(self.evaluation.is_running(), "Nothing is being evaluated."),
            },
            Action::AddSubject(_) | Action::RemoveSubject(_) | Action::ChooseSubject if self.evaluation.is_active() => {
                Some("An evaluation is running.".into())
            }
            Action::AddSubject(path) => unless(!path.as_os_str().is_empty(), "Type the path of a model or a file of drawings first."),
            Action::OpenScoresFolder => unless(self.evaluation.folder().is_some(), "No files were written."),
            Action::SaveScoresTo(path) if path.as_os_str().is_empty() => Some("Type the path of a .json file first.".into()),
            Action::SaveScores | Action::SaveScoresTo(_) => unless(self.evaluation.shown().is_some(), "There are no scores yet."),
            Action::FetchWeights | Action::ImportWeights(_) | Action::ChooseWeights if self.weights.is_active() => {
                Some("The weights are on their way.".into())
            }
            Action::ImportWeights(path) => unless(!path.as_os_str().is_empty(), "Type the path of the weights' file first."),
            Action::StopWeights => unless(matches!(self.weights.getting, weights::Getting::Running { .. }), "Nothing is being fetched."),
            Action::Pause => unless(self.run.is_running(), "Nothing is being trained."),
            Action::Resume => unless(self.run.is_paused(), "Nothing is paused."),
            Action::Stop => unless(self.run.is_running() || self.run.is_paused(), "Nothing is being trained."),
            Action::Continue => unless(self.run.can_continue(), "There is no run to go on with."),
            Action::UseTrained => unless(self.run.model().is_some(), "No model has been trained yet."),
            Action::UsePreset(_) | Action::ResetSettings => unless(!self.run.is_active(), "A model is being trained with these settings."),
            Action::Survey => unless(!self.library.is_looking(), "It is looking already."),
            Action::Fetch(name) => unless(!self.library.is_wanted(name), "It is being fetched."),
            Action::StopFetching => unless(self.library.fetching.is_some(), "Nothing is being fetched."),
            Action::Draw => self.play.complaint(),
            Action::StopDrawing => unless(self.play.is_drawing(), "Nothing is being drawn."),
            Action::Select(index) => unless(*index < self.play.sketches().len(), "There is no such drawing."),
            Action::Play | Action::StepPoint(_) | Action::StepStroke(_) | Action::Seek(_) => {
                unless(self.play.current().is_some(), "There is no drawing yet.")
            }
            Action::ExportGif | Action::ExportPicture | Action::ExportTo(_) if self.export.running => {
                Some("A file is being written.".into())
            }
            Action::ExportGif | Action::ExportPicture => unless(self.play.current().is_some(), "There is no drawing yet."),
            Action::ExportTo(path) if path.as_os_str().is_empty() => Some("Type a path that ends in .gif, .png, .svg or .ndjson.".into()),
            Action::ExportTo(_) => unless(self.play.current().is_some(), "There is no drawing yet."),
            _ => None,
        }
    }

    /// Carries an action out, as far as the state goes; the rest is returned. What cannot be done now is not done.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        if self.why_not(&action).is_some() {
            return Vec::new();
        }
        match action {
            Action::Show(workspace) => self.workspace = workspace,
            Action::SwitchTheme => return vec![Effect::SwitchTheme],
            Action::ShowAbout(open) => self.about = open,
            Action::ToggleMessages => self.messages.toggle(),
            Action::ClearMessages => self.messages.clear(),
            Action::Survey => return self.survey(),
            Action::Fetch(name) => return self.library.fetch(name, &self.options.folders),
            Action::StopFetching => return self.library.stop_fetching(),
            Action::UsePreset(name) => self.form.use_preset(&name, &mut self.messages, self.now),
            Action::ResetSettings => self.form.settings.reset(),
            Action::Start => {
                return match self.form.request(&self.options, |path| path.exists()) {
                    Ok(request) => self.run.start(request),
                    Err(error) => {
                        self.run.cannot_start(&error, &mut self.messages, self.now);
                        Vec::new()
                    }
                };
            }
            Action::Pause => return self.run.pause(true),
            Action::Resume => return self.run.pause(false),
            Action::Stop => return self.run.stop(),
            Action::Continue => return self.run.go_on(),
            Action::UseTrained => {
                if let Some(model) = self.run.folder() {
                    self.play.model = model.display().to_string();
                    self.play.category.clear();
                    self.workspace = Workspace::Play;
                }
            }
            Action::UseModel(path) => {
                self.play.model = path.display().to_string();
                self.play.category = shipped(&self.play.model).and_then(|model| model.first).unwrap_or_default().to_owned();
            }
            Action::ChooseModel => return vec![Effect::Ask(Ask::Model { folder: self.options.runs.clone() })],
            Action::Draw => return self.play.draw(&self.options),
            Action::StopDrawing => return vec![Effect::Stop(Job::Draw, Reason::Stopped)],
            Action::NextSeed => self.play.seed = self.play.seed.wrapping_add(1),
            Action::Select(index) => self.play.select(index),
            Action::Play => self.play.playback.toggle(),
            Action::StepPoint(forward) => self.play.playback.step_point(forward),
            Action::StepStroke(forward) => self.play.playback.step_stroke(forward),
            Action::Seek(secs) => self.play.playback.seek(secs),
            Action::ExportGif => return vec![Effect::Ask(self.export.ask_gif(&self.play))],
            Action::ExportPicture => return vec![Effect::Ask(self.export.ask_picture(&self.play))],
            Action::ExportTo(path) => return self.export.write(&self.play, path),
            Action::Evaluate => return self.evaluation.start(&self.options, &mut self.messages, self.now),
            Action::CancelEvaluation => return self.evaluation.cancel(),
            Action::AddSubject(path) => {
                self.evaluation.form.add(path);
                self.evaluation.form.path.clear();
            }
            Action::RemoveSubject(index) => self.evaluation.form.remove(index),
            Action::ChooseSubject => return vec![Effect::Ask(Ask::Subject { folder: self.options.runs.clone() })],
            Action::SelectScores(index) => self.evaluation.selected = index,
            Action::Explain(kind) => self.evaluation.explained = kind,
            Action::OpenScoresFolder => return self.evaluation.folder().map(|path| Effect::OpenFolder(path.into())).into_iter().collect(),
            Action::SaveScores => return self.evaluation.ask_save(self.export.folder()).map(Effect::Ask).into_iter().collect(),
            Action::SaveScoresTo(path) => return self.evaluation.save(path),
            Action::FetchWeights => return self.weights.start(WeightsRequest::fetch()),
            Action::ImportWeights(path) => return self.weights.start(WeightsRequest::import(path)),
            Action::ChooseWeights => return vec![Effect::Ask(Ask::Weights)],
            Action::StopWeights => return self.weights.stop(),
            Action::Close if self.run.is_active() && self.closing == Closing::No => self.closing = Closing::Asking,
            Action::Close if self.run.is_active() => {}
            Action::Close => self.closing = Closing::Yes,
            Action::SaveAndClose if self.run.is_active() => {
                self.closing = Closing::Saving;
                return vec![Effect::Stop(Job::Train, Reason::Stopped)];
            }
            Action::SaveAndClose => self.closing = Closing::Yes,
            Action::KeepTraining => self.closing = Closing::No,
        }
        Vec::new()
    }

    /// Takes an event of some work in.
    pub fn apply(&mut self, job: Job, event: Event) -> Vec<Effect> {
        if let Event::Message(text) = &event {
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
                    if self.closing == Closing::Asking {
                        self.closing = Closing::No;
                    }
                    return self.survey();
                }
            }
            Job::Draw => self.play.apply(event, &mut self.messages, self.now),
            Job::Export => self.export.apply(event, &mut self.messages, self.now),
            Job::Evaluate => self.evaluation.apply(event, &mut self.messages, self.now),
            Job::Weights => self.weights.apply(event, &mut self.messages, self.now),
        }
        if job == Job::Survey && over {
            let mut effects = self.settle_choices();
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
            (Ask::Save { forms, .. }, Some(mut path)) => {
                if let (None, Some((_, ending))) = (path.extension(), forms.first()) {
                    path.set_extension(ending);
                }
                self.act(Action::ExportTo(path))
            }
            (Ask::Save { .. }, None) => {
                // Without a desktop portal there is no dialog, and the answer looks the same as a cancel.
                self.messages.note(self.now, Job::Export, "No file was chosen. If no dialog opened, type a path beside Export.".into());
                Vec::new()
            }
            (Ask::SaveScores { .. }, Some(mut path)) => {
                if path.extension().is_none() {
                    path.set_extension("json");
                }
                self.act(Action::SaveScoresTo(path))
            }
            (Ask::Subject { .. }, Some(path)) => self.act(Action::AddSubject(path)),
            (Ask::Weights, Some(path)) => self.act(Action::ImportWeights(path)),
            (Ask::SaveScores { .. } | Ask::Subject { .. } | Ask::Weights, None) => {
                let text = "No file was chosen. If no dialog opened, type a path in Evaluate.";
                self.messages.note(self.now, Job::Evaluate, text.into());
                Vec::new()
            }
            (Ask::Model { .. }, Some(path)) => self.act(Action::UseModel(path)),
            (Ask::Model { .. }, None) => {
                self.messages.note(self.now, Job::Draw, "No model was chosen. If no dialog opened, type a path below.".into());
                Vec::new()
            }
        }
    }

    /// A file was written, or not: why.
    pub fn written(&mut self, wrote: export::Wrote) {
        self.evaluation.saved(wrote, &mut self.messages, self.now);
    }

    /// Looks at the disk; once more afterwards if it is being looked at.
    pub fn survey(&mut self) -> Vec<Effect> {
        if self.library.is_looking() {
            self.library.again = true;
            return Vec::new();
        }
        self.library.look = library::Look::Looking;
        let request = SurveyRequest { folders: self.options.folders.clone(), runs: self.options.runs.clone() };
        vec![Effect::Start(Job::Survey, Command::Survey(request))]
    }

    /// Chooses for a newcomer what can be chosen: a category that is there, the newest model. Who has no model of their own sees a
    /// shipped one draw at once.
    fn settle_choices(&mut self) -> Vec<Effect> {
        if !self.run.is_active() {
            self.form.settle(&self.library);
        }
        let mut first_drawing = false;
        if let (true, Some(newest)) = (self.play.model.is_empty(), self.library.models.first()) {
            self.play.model = newest.display().to_string();
            first_drawing = words::is_shipped(newest);
        }
        if !self.evaluation.is_active() {
            self.evaluation.form.settle(&self.library);
        }
        if !first_drawing {
            return Vec::new();
        }
        self.workspace = Workspace::Play;
        self.play.draw(&self.options)
    }
}
