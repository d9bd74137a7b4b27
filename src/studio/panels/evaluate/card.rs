//! One score: its value and how sure it is, how far from the floor, and what it rests on.

use eframe::egui::{Align, Button, Label, Layout, RichText, Sense, Stroke, Ui, Vec2, vec2};

use super::cards::what;
use super::results::Asked;
use super::scale;
use crate::session::{Better, COPYING, Score, ScoreKind};
use crate::studio::panels::scoring::value;
use crate::studio::theme;
use crate::studio::widgets::View;
use crate::studio::words::{self, capital};

/// Shows it, in a given width and at least as high as given; its own height comes back.
pub(super) fn show(view: &View<'_>, ui: &mut Ui, score: &Score, width: f32, height: f32, asked: &mut Vec<Asked>) -> f32 {
    let margin = 2.0 * (view.tokens.space(1.0) + 1.0);
    let frame = view.paper().show(ui, |ui| {
        let column = ui.vertical(|ui| {
            ui.set_width(width - margin);
            let own = ui.scope(|ui| content(view, ui, score, asked)).response.rect.height();
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space((height - own).max(0.0));
            own
        });
        column.inner
    });
    frame.inner
}

fn content(view: &View<'_>, ui: &mut Ui, score: &Score, asked: &mut Vec<Asked>) {
    ui.spacing_mut().item_spacing.y = view.tokens.space(0.5);
    ui.horizontal(|ui| {
        ui.add(Label::new(capital(score.kind.name())).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let button = Button::new(RichText::new("?").small()).min_size(Vec2::splat(view.tokens.space(2.5)));
            what(view, ui, score.kind, button, asked);
        });
    });
    if let Some(why) = score.absent.as_deref().or_else(|| score.mean.is_none().then_some("it could not be computed")) {
        ui.label(RichText::new("–").text_style(theme::display()).color(view.palette.faint));
        ui.add(Label::new(RichText::new(format!("No score: {why}.")).small().color(view.palette.faint)).wrap());
        return;
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new(value(score.kind, score.mean)).text_style(theme::display()));
        if let Some(spread) = score.spread {
            let text = format!("± {}", value(score.kind, Some(spread)));
            ui.label(RichText::new(text).color(view.palette.faint)).on_hover_text("Standard deviation over the seeds.");
        }
    });
    scale::show(view, ui, score);
    marks(view, ui, score);
    if let Some(far) = far(score) {
        ui.add(Label::new(RichText::new(far).small()).wrap());
    }
    let (sure, tip) = sureness(score);
    view.caption(ui, sure).on_hover_text(tip);
    let drawn = words::count(score.generated as u64);
    let seeds = if score.runs.len() > 1 { format!("{} × ", score.runs.len()) } else { String::new() };
    view.caption(ui, format!("{} real, {seeds}{drawn} generated", words::count(score.real as u64)));
    if score.rank_deficient {
        let text = RichText::new("Fewer drawings than features: read it only beside its floor.").small().color(view.palette.warning);
        ui.add(Label::new(text).wrap()).on_hover_text(
            "One of the sets has no more drawings than the features have numbers. Then this score depends on how many there are most of all.",
        );
    }
}

/// What the lines on the scale are.
fn marks(view: &View<'_>, ui: &mut Ui, score: &Score) {
    let floor = score
        .floor
        .map(|floor| (scale::floor_line(view), "floor", floor.value, "What real training drawings get: the best that can be hoped for."));
    let real = score.of_real.map(|real| (scale::real_line(view), "real", real, "The same figure of the real test drawings."));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().interact_size.y = view.tokens.space(2.0);
        ui.spacing_mut().item_spacing.x = view.tokens.space(0.5);
        for (line, name, number, tip) in floor.into_iter().chain(real) {
            mark(ui, line, view.tokens.unit);
            view.caption(ui, format!("{name} {}", value(score.kind, Some(number)))).on_hover_text(tip);
            ui.add_space(view.tokens.space(0.5));
        }
        if score.kind == ScoreKind::Copying {
            mark(ui, scale::copying_line(view), view.tokens.unit);
            let tip = "Left of this line drawings lie nearer to training drawings than people's do: look for copies.";
            view.caption(ui, format!("copying below {}", value(score.kind, Some(COPYING)))).on_hover_text(tip);
        }
        if floor.is_none() && real.is_none() {
            view.caption(ui, "no floor");
        }
    });
}

fn mark(ui: &mut Ui, line: Stroke, unit: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(unit * 0.5, unit * 1.5), Sense::hover());
    ui.painter().vline(rect.center().x, rect.y_range(), line);
}

/// How far the score is from what real drawings get.
fn far(score: &Score) -> Option<String> {
    let mean = score.mean?;
    let show = |number: f64| value(score.kind, Some(number));
    let difference = |real: f64, name: &str| match mean - real {
        d if show(d.abs()) == show(0.0) => format!("level with {name}"),
        d if d > 0.0 => format!("{} above {name}", show(d)),
        d => format!("{} below {name}", show(-d)),
    };
    let floor = score.floor.map(|floor| floor.value);
    Some(match score.kind.explained().better {
        Better::Lower if matches!(score.kind, ScoreKind::Fid) && floor.is_some_and(|floor| floor > 0.0 && mean > floor) => {
            format!("{} times the floor", words::figure(mean / floor?))
        }
        Better::Lower | Better::Higher => capital(&difference(floor?, "the floor")),
        Better::NearReal => capital(&difference(score.of_real.or(floor)?, "real drawings")),
    })
}

/// Spread over the seeds, or the interval of the only one; else why there is none. And what that means.
fn sureness(score: &Score) -> (String, &'static str) {
    const SEEDS: &str = "A seed decides all random numbers. With several, all is drawn and scored for each: the spread is the standard \
                         deviation of these scores.";
    const INTERVAL: &str = "Had other drawings been drawn and taken, the score would have come out between these in 19 of 20 cases. \
                            Found by scoring random choices of the same drawings again (the bootstrap, Efron 1979).";
    const WITHOUT: &str = "An interval would tell between which values the score would have come out with other drawings.";
    const SUBSETS: &str = "The score is a mean over random subsets of the drawings: this is the standard deviation of theirs.";
    if score.spread.is_some() {
        return (format!("± is the spread over {} seeds", score.runs.len()), SEEDS);
    }
    let only = score.runs.first();
    match only.and_then(|run| run.interval) {
        Some([low, high]) => (format!("95 % in {} to {}", value(score.kind, Some(low)), value(score.kind, Some(high))), INTERVAL),
        None => match (only.and_then(|run| run.deviation), &score.no_interval) {
            (Some(deviation), _) => (format!("± {} over subsets", value(score.kind, Some(deviation))), SUBSETS),
            (None, Some(why)) => (format!("No interval: {why}"), WITHOUT),
            (None, None) => ("One seed".into(), SEEDS),
        },
    }
}
