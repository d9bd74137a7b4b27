//! One frame of the window: read what was reported, show it, carry out what was asked for.

use std::rc::Rc;
use std::time::Duration;

use crossbeam_channel::Receiver;
use eframe::egui::{self, CentralPanel, Frame, Panel, Theme, Ui, ViewportCommand};

use super::action::{self, Action};
use super::dialog::Dialog;
use super::engine::{Engine, Job};
use super::frames::{self, FrameTimes};
use super::state::{Closing, Effect, State, Workspace};
use super::theme::Tokens;
use super::widgets::View;
use super::{Options, open, panels, remembered};
use crate::session::Event;
use crate::util::clock::Clock;
use crate::util::{Error, Result};

/// A playback that was not shown for a while does not jump further than this.
const LONGEST_FRAME: Duration = Duration::from_millis(250);

/// The window's program.
pub struct App {
    state: State,
    tokens: Rc<Tokens>,
    /// Those for a projector.
    large: Rc<Tokens>,
    presented: bool,
    engine: Box<dyn Engine>,
    clock: Box<dyn Clock>,
    dialog: Option<Dialog>,
    /// The file manager that was asked for last, and for whom.
    opening: Option<(Job, Receiver<Error>)>,
    frames: Option<FrameTimes>,
    surveyed: bool,
    title: String,
}

impl App {
    /// The program at its start. `engine` does the work and `clock` tells the time, so that tests need neither threads nor patience;
    /// with `frames`, frames are drawn without a pause and their times recorded.
    ///
    /// # Errors
    /// If the theme or a built-in preset cannot be read.
    pub fn new(
        ctx: &egui::Context,
        options: Options,
        engine: Box<dyn Engine>,
        clock: Box<dyn Clock>,
        frames: Option<FrameTimes>,
    ) -> Result<Self> {
        let tokens = Tokens::load()?;
        tokens.apply(ctx);
        ctx.options_mut(|options| options.fallback_theme = Theme::Light);
        let exports = exports_folder(&options);
        let mut state = State::new(options, exports)?;
        remembered::recall(ctx, &mut state);
        let large = Rc::new(tokens.presented());
        Ok(Self {
            state,
            tokens: Rc::new(tokens),
            large,
            presented: false,
            engine,
            clock,
            dialog: None,
            opening: None,
            frames,
            surveyed: false,
            title: String::new(),
        })
    }

    /// What is so.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is so, to be changed by a test.
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    /// Does what the state cannot do itself.
    fn carry_out(&mut self, ctx: &egui::Context, effects: Vec<Effect>) {
        let mut waiting: std::collections::VecDeque<_> = effects.into();
        while let Some(effect) = waiting.pop_front() {
            match effect {
                Effect::Start(job, command) => {
                    if let Err(error) = self.engine.start(job, command) {
                        waiting.extend(self.state.apply(job, Event::Failed((&error).into())));
                    }
                }
                Effect::Pause(job, paused) => self.engine.pause(job, paused),
                Effect::Stop(job, reason) => self.engine.stop(job, reason),
                Effect::OpenFolder(job, folder) => match open::folder(&folder, ctx.clone()) {
                    Ok(opening) => self.opening = Some((job, opening)),
                    Err(error) => self.state.messages.error(self.state.now, job, error.for_window()),
                },
                Effect::SwitchTheme => ctx.set_theme(match ctx.theme() {
                    Theme::Light => Theme::Dark,
                    Theme::Dark => Theme::Light,
                }),
                Effect::Ask(_) if self.dialog.is_some() => {
                    self.state.messages.note(self.state.now, Job::Export, "A file dialog is open already.".into());
                }
                Effect::Ask(ask) => match Dialog::open(ask, ctx.clone()) {
                    Ok(dialog) => self.dialog = Some(dialog),
                    Err(error) => self.state.messages.error(self.state.now, Job::Export, error.for_window()),
                },
            }
        }
    }

    /// The sizes that are in use.
    fn tokens(&self) -> &Rc<Tokens> {
        if self.presented { &self.large } else { &self.tokens }
    }

    /// From the next frame on, all sizes are those of what is shown.
    fn resize(&mut self, ctx: &egui::Context) {
        if self.state.is_presenting() != self.presented {
            self.presented = !self.presented;
            self.tokens().apply(ctx);
            ctx.request_repaint();
        }
    }

    fn act(&mut self, ctx: &egui::Context, actions: Vec<Action>) {
        for action in actions {
            let effects = self.state.act(action);
            self.carry_out(ctx, effects);
        }
    }

    /// A wish to close is granted at once, or once the person was asked and the training is saved.
    fn close(&mut self, ctx: &egui::Context) {
        let wished = ctx.input(|input| input.viewport().close_requested());
        if wished && self.state.closing != Closing::Yes {
            self.act(ctx, vec![Action::Close]);
            if self.state.closing != Closing::Yes {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
        } else if self.state.closing == Closing::Yes {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    fn record(&mut self, ctx: &egui::Context, before: Duration, work: Option<f32>) {
        let Some(frames) = &self.frames else { return };
        frames.push(frames::Frame {
            at: self.state.now,
            interval: self.state.now.saturating_sub(before),
            work: Duration::try_from_secs_f32(work.unwrap_or(0.0)).unwrap_or_default(),
            training: self.state.run.is_running(),
        });
        ctx.request_repaint();
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        let before = std::mem::replace(&mut self.state.now, self.clock.now());
        if !std::mem::replace(&mut self.surveyed, true) {
            let effects = self.state.begin();
            self.carry_out(ctx, effects);
        }
        for (job, event) in self.engine.poll() {
            let effects = self.state.apply(job, event);
            self.carry_out(ctx, effects);
        }
        if let Some(previews) = self.engine.previews() {
            self.state.run.sheets.take(previews);
        }
        if let Some(sketch) = self.engine.growing() {
            self.state.play.grew(sketch);
        }
        if let Some((job, error)) = self.opening.as_ref().and_then(|(job, opening)| Some((*job, opening.try_recv().ok()?))) {
            self.state.messages.error(self.state.now, job, error.for_window());
        }
        if let Some((dialog, answer)) = self.dialog.take_if(|dialog| dialog.is_closed()).and_then(Dialog::finish) {
            let effects = self.state.answer(&dialog, answer);
            self.carry_out(ctx, effects);
        }
        let passed = self.state.now.saturating_sub(before).min(LONGEST_FRAME);
        match self.state.workspace {
            Workspace::Play => self.state.play.playback.advance(passed.as_secs_f32()),
            Workspace::Denoise => self.state.denoise.advance(passed.as_secs_f32()),
            Workspace::Draw => {
                let effects = self.state.wait_in_draw();
                self.carry_out(ctx, effects);
            }
            Workspace::Categories | Workspace::Train | Workspace::Interpolate | Workspace::Evaluate | Workspace::Compare => {}
        }
        let title = panels::status::title(&self.state);
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        self.record(ctx, before, frame.info().cpu_usage);
        self.close(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let asks = self.state.closing != Closing::No || self.state.replacing.is_some() || self.state.asks_to_delete();
        let mut asked = if asks { Vec::new() } else { action::pressed(&ctx, &self.state) };
        asked.extend(panels::files::dropped(&ctx));
        let presented = self.presented;
        let tokens = self.tokens().clone();
        let floor = ui.max_rect().bottom();
        let mut view = View { state: &mut self.state, palette: tokens.palette(&ctx), tokens: &tokens, floor, asked: &mut asked };
        if !presented {
            bars(&mut view, ui);
        }
        CentralPanel::no_frame().show(ui, |ui| match view.state.workspace {
            Workspace::Categories => panels::categories::show(&mut view, ui),
            Workspace::Train => panels::train::show(&mut view, ui),
            Workspace::Denoise => panels::denoise::show(&mut view, ui),
            Workspace::Play => panels::play::show(&mut view, ui),
            Workspace::Draw => panels::draw::show(&mut view, ui),
            Workspace::Interpolate => panels::interpolate::show(&mut view, ui),
            Workspace::Evaluate => panels::evaluate::show(&mut view, ui),
            Workspace::Compare => panels::compare::show(&mut view, ui),
        });
        panels::toasts::show(&mut view, ui);
        panels::about::show(&mut view, ui);
        panels::commands::show(&mut view, ui);
        panels::replace::show(&mut view, ui);
        panels::closing::show(&mut view, ui);
        panels::files::show(&view, ui);
        self.act(&ctx, asked);
        remembered::remember(&ctx, &self.state);
        self.resize(&ctx);
        let moves = match self.state.workspace {
            Workspace::Play => self.state.play.playback.is_moving(),
            Workspace::Denoise => self.state.denoise.is_moving(),
            Workspace::Draw => self.state.draw.waits(),
            Workspace::Categories | Workspace::Train | Workspace::Interpolate | Workspace::Evaluate | Workspace::Compare => false,
        };
        if moves {
            ctx.request_repaint();
        }
        if self.state.closing == Closing::Yes {
            ctx.request_repaint();
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

/// What is around the workspaces: top bar, status line, messages.
fn bars(view: &mut View<'_>, ui: &mut Ui) {
    let tokens = view.tokens;
    let bar = Frame::new().fill(view.palette.panel.into()).inner_margin(egui::vec2(tokens.space(2.0), 0.0));
    Panel::top("top").frame(bar).exact_size(tokens.space(6.0)).resizable(false).show(ui, |ui| panels::top::show(view, ui));
    Panel::bottom("status").frame(bar).exact_size(tokens.space(4.0)).resizable(false).show(ui, |ui| panels::status::show(view, ui));
    if view.state.messages.is_open() {
        let frame = view.side();
        let panel = Panel::bottom("messages").frame(frame).default_size(tokens.space(20.0)).resizable(true);
        panel.show(ui, |ui| panels::messages::show(view, ui));
    }
    view.floor = ui.available_rect_before_wrap().bottom();
}

/// Where exported files are suggested to go: the person's pictures, or beside the runs.
fn exports_folder(options: &Options) -> std::path::PathBuf {
    let dirs = directories::UserDirs::new();
    let pictures = dirs.as_ref().and_then(|dirs| dirs.picture_dir().or(dirs.document_dir()));
    pictures.map_or_else(|| options.runs.join("exports"), std::path::Path::to_path_buf)
}
