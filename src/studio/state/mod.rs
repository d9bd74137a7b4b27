//! What is so, and how it changes. No window, no threads: actions and events go in, effects come out.
//!
//! Every workspace has its part. The part says what may be asked of it and why something may not (`why_not`), what comes of it (`act`),
//! and which of its wishes ctrl-Enter means (`main_action`).

pub mod categories;
mod closing;
pub mod commands;
pub mod compare;
pub mod denoise;
pub mod draw;
pub mod evaluate;
mod events;
pub mod export;
pub mod form;
pub mod going;
pub mod interpolate;
pub mod library;
pub mod messages;
pub mod play;
mod replace;
pub mod run;
pub mod runs;
pub mod scoring;
pub mod settings;
pub mod sheets;
mod survey;
pub mod toasts;
mod train;
pub mod tries;
pub mod weights;
mod workspace;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use closing::Closing;
pub use replace::Replacing;
pub use survey::LastWork;
pub use workspace::Workspace;

use super::Options;
use super::action::{Action, CompareAction, EvaluateAction};
use super::dialog::Ask;
use super::engine::Job;
use crate::session::{Command, Event, shipped};
use crate::util::Reason;
use categories::Categories;
use commands::Commands;
use compare::Compare;
use denoise::Denoise;
use draw::Draw;
use evaluate::Evaluation;
use export::Exporting;
use form::Form;
use interpolate::Interpolate;
use library::Library;
use messages::Messages;
use play::Play;
use run::Run;
use runs::Runs;
use weights::Weights;

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
    /// Show a folder in the platform's file manager.
    OpenFolder(Job, PathBuf),
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
    /// Looking at categories and their drawings.
    pub categories: Categories,
    /// What to train next.
    pub form: Form,
    /// The training that runs, or the last one.
    pub run: Run,
    /// The runs on the disk.
    pub runs: Runs,
    /// Following a drawing out of noise.
    pub denoise: Denoise,
    /// Drawing and playing.
    pub play: Play,
    /// Drawing by hand.
    pub draw: Draw,
    /// Going from one drawing to another.
    pub interpolate: Interpolate,
    /// Scoring drawings.
    pub evaluation: Evaluation,
    /// Setting models side by side.
    pub compare: Compare,
    /// The weights that some scores need.
    pub weights: Weights,
    /// Writing files.
    pub export: Exporting,
    /// Large and with nothing around it, as long as the program runs.
    presenting: bool,
    /// What was said.
    pub messages: Messages,
    /// Whether three things to try are shown; unknown until the first drawing was asked for.
    pub tries: Option<bool>,
    /// What was at hand when the window was last closed; until the disk was looked at.
    pub last: Option<LastWork>,
    /// What is said of the program itself is shown.
    pub about: bool,
    /// The list of all commands, while it is open.
    pub commands: Option<Commands>,
    /// A file that would be replaced, while that is asked.
    pub replacing: Option<Replacing>,
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
            categories: Categories::default(),
            denoise: Denoise::new(&options),
            play: Play::new(),
            draw: Draw::new(&options),
            form,
            run: Run::default(),
            runs: Runs::default(),
            interpolate: Interpolate::new(&options),
            evaluation: Evaluation::new(&options),
            compare: Compare::new(&options),
            weights: Weights::default(),
            export: Exporting::new(exports),
            presenting: false,
            messages: Messages::default(),
            tries: None,
            last: None,
            about: false,
            commands: None,
            replacing: None,
            closing: Closing::default(),
            options,
        })
    }

    /// A drawing is shown large and with nothing around it.
    pub fn is_presenting(&self) -> bool {
        self.presenting && self.workspace.presents()
    }

    /// What ctrl-Enter does here.
    pub fn main_action(&self) -> Action {
        match self.workspace {
            Workspace::Categories => self.main_categories(),
            Workspace::Train => self.main_train().into(),
            Workspace::Denoise => self.main_denoise().into(),
            Workspace::Play => self.main_play().into(),
            Workspace::Draw => self.main_draw().into(),
            Workspace::Interpolate => self.main_interpolate().into(),
            Workspace::Evaluate => self.main_evaluate().into(),
            Workspace::Compare => self.main_compare().into(),
        }
    }

    /// Why an action cannot be carried out now; `None` if it can. Buttons are disabled by this and say it.
    pub fn why_not(&self, action: &Action) -> Option<String> {
        match action {
            Action::Categories(action) => self.why_not_categories(action),
            Action::Train(action) => self.why_not_train(action),
            Action::Denoise(action) => self.why_not_denoise(action),
            Action::Play(action) => self.why_not_play(action),
            Action::Draw(action) => self.why_not_draw(action),
            Action::Interpolate(action) => self.why_not_interpolate(action),
            Action::Evaluate(action) => self.why_not_evaluate(action),
            Action::Compare(action) => self.why_not_compare(action),
            Action::Present(true) => unless(self.workspace.presents(), "Only drawings are presented: go to Denoise, Play or Draw first."),
            Action::ClearMessages => unless(!self.messages.list().is_empty(), "There are no messages."),
            Action::Try(what) => self.why_not_try(*what),
            Action::Replace(true) => unless(!self.export.writing.running, "A file is being written."),
            _ => None,
        }
    }

    /// Carries an action out, as far as the state goes; the rest is returned. What cannot be done now is not done.
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        if self.why_not(&action).is_some() {
            return Vec::new();
        }
        match action {
            Action::Show(workspace) => {
                self.workspace = workspace;
                if workspace == Workspace::Compare {
                    self.compare.form.look();
                }
                return self.settle();
            }
            Action::Present(present) => self.presenting = present,
            Action::SwitchTheme => return vec![Effect::SwitchTheme],
            Action::ShowAbout(open) => self.about = open,
            Action::ShowCommands(open) => self.commands = open.then(Commands::default),
            Action::ToggleMessages => self.messages.toggle(),
            Action::ClearMessages => self.messages.clear(),
            Action::DismissToast(number) => self.messages.dismiss(number),
            Action::ShowTries(open) => self.tries = Some(open),
            Action::Try(what) => return self.try_out(what),
            Action::UseModel(path) => {
                let mut effects = self.use_model(&path, None);
                effects.extend(self.settle());
                return effects;
            }
            Action::ChooseModel => return vec![Effect::Ask(Ask::Model { folder: self.options.runs.clone() })],
            Action::Categories(action) => return self.act_categories(action),
            Action::Train(action) => return self.act_train(action),
            Action::Denoise(action) => return self.act_denoise(action),
            Action::Play(action) => return self.act_play(action),
            Action::Draw(action) => return self.act_draw(action),
            Action::Interpolate(action) => return self.act_interpolate(action),
            Action::Evaluate(action) => return self.act_evaluate(action),
            Action::Compare(action) => return self.act_compare(action),
            Action::Replace(replace) => return self.replace(replace),
            Action::Close | Action::SaveAndClose | Action::KeepTraining | Action::CloseAnyway | Action::Stay => {
                return self.act_closing(&action);
            }
        }
        Vec::new()
    }
}

impl State {
    /// Takes a model to draw with, and what it draws: this category, or the first of several.
    fn use_model(&mut self, model: &Path, category: Option<String>) -> Vec<Effect> {
        self.play.model = model.display().to_string();
        self.play.category = category.or_else(|| self.first_of_several(model)).unwrap_or_default();
        self.page_changed()
    }

    /// Of a model of several categories the one to begin with, as far as it is known what it draws.
    fn first_of_several(&self, model: &Path) -> Option<String> {
        if let Some(shipped) = model.to_str().and_then(shipped) {
            return shipped.first.map(str::to_owned);
        }
        let listed = self.runs.list.iter().find(|run| run.folder == model).and_then(|run| run.facts.as_ref().ok());
        let trained = self.run.request.as_ref().filter(|request| request.out == model);
        let categories = trained
            .map(|request| request.categories.as_slice())
            .or(listed.map(|facts| facts.categories.as_slice()))
            .or(self.categories.cards.drawn_by(model))?;
        categories.first().filter(|_| categories.len() > 1).cloned()
    }

    /// Starts what the workspace at hand follows by itself.
    fn settle(&mut self) -> Vec<Effect> {
        let own = [self.settle_categories(), self.settle_denoise(), self.settle_draw(), self.settle_interpolate(), self.settle_play()];
        own.into_iter().flatten().collect()
    }
}

/// The reason, unless it is possible.
fn unless(possible: bool, why: &str) -> Option<String> {
    (!possible).then(|| why.to_owned())
}
