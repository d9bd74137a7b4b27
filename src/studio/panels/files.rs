//! Files that are dragged over the window, in whichever workspace: a sign that they can be dropped, and what is done with them then.

use eframe::egui::{self, Align2, Area, Frame, Id, LayerId, Order, RichText, Stroke, StrokeKind, Ui, Vec2};

use crate::studio::action::{Action, CategoriesAction};
use crate::studio::state::categories::can_be_imported;
use crate::studio::theme;
use crate::studio::widgets::View;

/// Files that were dropped onto the window, if any of them can be taken over.
pub(in crate::studio) fn dropped(ctx: &egui::Context) -> Option<Action> {
    let files: Vec<_> = ctx.input(|input| {
        let paths = input.raw.dropped_files.iter().map(|file| file.path().to_path_buf());
        paths.filter(|path| can_be_imported(path)).collect()
    });
    (!files.is_empty()).then(|| CategoriesAction::ImportFiles(files).into())
}

/// What is said of the files in the air.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sign {
    /// They can be dropped; true if some of them would be left alone.
    Welcome(bool),
    /// None of them can be taken over.
    Strange,
    /// None can be taken over now: why.
    NotNow(String),
}

/// Shows the sign, as long as files are over the window.
pub(in crate::studio) fn show(view: &View<'_>, ui: &Ui) {
    // Where the platform does not name them, they may well be what is wanted.
    let known = |file: &egui::HoveredFile| file.path.as_deref().is_none_or(can_be_imported);
    let (all, good) = ui.input(|input| {
        let files = &input.raw.hovered_files;
        (files.len(), files.iter().filter(|file| known(file)).count())
    });
    if all == 0 {
        return;
    }
    let sign = match view.state.why_not(&CategoriesAction::ImportFiles(Vec::new()).into()) {
        Some(why) => Sign::NotNow(why),
        None if good == 0 => Sign::Strange,
        None => Sign::Welcome(good < all),
    };
    let welcome = matches!(sign, Sign::Welcome(_));
    let colour = if welcome { view.palette.accent } else { view.palette.faint };
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, Id::unique("files over the window")));
    let (whole, line) = (ui.ctx().content_rect(), view.tokens.space(0.5));
    painter.rect_filled(whole, 0.0, view.palette.shadow);
    let inside = whole.shrink(view.tokens.space(2.0));
    painter.rect_stroke(inside, view.tokens.space(1.0), Stroke::new(line, colour), StrokeKind::Inside);
    let area = Area::new(Id::unique("drop sign")).order(Order::Tooltip).interactable(false).fade_in(false);
    area.anchor(Align2::CENTER_CENTER, Vec2::ZERO).show(ui.ctx(), |ui| {
        Frame::window(ui.style()).stroke(Stroke::new(1.0, colour)).show(ui, |ui| {
            ui.set_width(view.tokens.space(56.0));
            ui.vertical_centered(|ui| words(view, ui, sign));
        });
    });
}

fn words(view: &View<'_>, ui: &mut Ui, sign: Sign) {
    let heading = match sign {
        Sign::Welcome(_) => "Drop drawings here",
        Sign::Strange => "These files cannot be taken over",
        Sign::NotNow(_) => "Not now",
    };
    ui.label(RichText::new(heading).text_style(theme::display()).color(view.palette.ink));
    ui.label("Drawings end in .ndjson or .ndjson.gz, archives of splits in .zip.");
    let more = match sign {
        Sign::Welcome(false) => "They are checked, then copied, and shown in Categories.".to_owned(),
        Sign::Welcome(true) => "Other files among them are left alone.".to_owned(),
        Sign::Strange => "Nothing happens if you drop them.".to_owned(),
        Sign::NotNow(why) => why,
    };
    view.caption(ui, more);
}
