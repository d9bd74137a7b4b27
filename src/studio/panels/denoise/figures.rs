//! The numbers of this step, and the formulas that they belong to.

use eframe::egui::{Grid, RichText, Ui};

use crate::studio::state::denoise::lesson::Formula;
use crate::studio::state::denoise::words::percent;
use crate::studio::widgets::{Piece, View, formula};
use crate::studio::words;

/// Shows the numbers, three in a row.
pub(super) fn show(view: &View<'_>, ui: &mut Ui) {
    let denoise = &view.state.denoise;
    let (Some(moment), Some(trace)) = (denoise.moment(), denoise.trace()) else { return };
    let (stroke, of) = denoise.stroke_of();
    let steps = denoise.steps();
    let step = denoise.position.step().min(steps);
    let snr = if moment.sigma > 0.0 { words::short(moment.snr()) } else { "no noise".into() };
    let stop = trace.stop_before(denoise.position.part + 1).map_or_else(|| "–".into(), percent);
    let figures = [
        ("Stroke", format!("{stroke} of {of}"), "Strokes are drawn one after another; each begins as noise of its own."),
        ("Step t", format!("{step} of {steps}"), "Denoising steps done. At step 0 nothing but noise is there; the last one leaves none."),
        (
            "Noise level sigma",
            words::short(moment.sigma),
            "The deviation of the noise, where clean numbers have a deviation of 1: x_t = x0 + sigma times epsilon (Karras et al. 2022).",
        ),
        (
            "Signal alpha_bar",
            words::short(moment.alpha_bar()),
            "The share of signal in the variance, 0 to 1: 1 / (1 + sigma squared). The same noise level as DDPM writes it (Ho et al. 2020).",
        ),
        ("SNR", snr, "Signal-to-noise ratio, 1 / sigma squared: above 1 there is more line than noise."),
        (
            "Stop after this",
            stop,
            "The probability of being finished that the model gives after this stroke. A throw of the dice decides by it.",
        ),
    ];
    let width = ui.available_width() / 3.0 - view.tokens.unit;
    let shown = if denoise.is_whole() { &figures[1..5] } else { &figures[..] };
    Grid::new("figures").num_columns(3).min_col_width(width).spacing([view.tokens.unit, view.tokens.space(1.0)]).show(ui, |ui| {
        for (i, (name, value, explain)) in shown.iter().enumerate() {
            view.figure(ui, name, value, "", explain);
            if i % 3 == 2 {
                ui.end_row();
            }
        }
    });
}

/// The formulas, a line each, with what it says.
pub(super) fn formulas(view: &View<'_>, ui: &mut Ui, which: &[Formula]) {
    for (pieces, spoken, says) in which.iter().map(|formula| written(*formula)) {
        formula(view, ui, pieces, view.tokens.type_scale.heading, spoken);
        ui.label(RichText::new(says).small().color(view.palette.faint));
        ui.add_space(view.tokens.space(0.5));
    }
}

/// A formula, how it is read out, and what it says.
fn written(formula: Formula) -> (&'static [Piece], &'static str, &'static str) {
    use Piece::{Bar, Plain, Sub, Sup};
    match formula {
        Formula::Noise => (
            &[Plain("x"), Sub("t"), Plain("  =  x"), Sub("0"), Plain("  +  σ ε")],
            "x t equals x 0 plus sigma epsilon",
            "What is seen is the clean line's numbers plus noise: epsilon is drawn once, sigma says how loud it is.",
        ),
        Formula::Guess => (
            &[Plain("x"), Sub("0"), Plain("  ≈  D(x"), Sub("t"), Plain(", σ, strokes so far)")],
            "x 0 is about D of x t, sigma, strokes so far",
            "The network D guesses the clean line. Its guess is a mean over all lines that could lie behind this noise.",
        ),
        Formula::WholeGuess => (
            &[Plain("x"), Sub("0"), Plain("  ≈  D(x"), Sub("t"), Plain(", σ, category)")],
            "x 0 is about D of x t, sigma, category",
            "The network D guesses the clean numbers of the whole drawing. Its guess is a mean over all drawings that could lie behind this noise.",
        ),
        Formula::Step => (
            &[Plain("d  =  (x"), Sub("t"), Plain(" − x"), Sub("0"), Plain(") / σ")],
            "d equals x t minus x 0, over sigma",
            "The direction of the step. The next x is x + (next σ − σ) d: so far DDIM. Heun's method looks at the direction there too; DDPM goes \
             further down and adds new noise.",
        ),
        Formula::Signal => (
            &[Bar("α"), Plain("  =  1 / (1 + σ"), Sup("2"), Plain(")")],
            "alpha bar equals 1 over 1 plus sigma squared",
            "The same noise level as a share of signal, as DDPM counts it.",
        ),
        Formula::Ratio => (
            &[Plain("SNR  =  "), Bar("α"), Plain(" / (1 − "), Bar("α"), Plain(")  =  1 / σ"), Sup("2")],
            "SNR equals alpha bar over 1 minus alpha bar, which is 1 over sigma squared",
            "The signal-to-noise ratio: at 1 there is as much noise as line.",
        ),
        Formula::Cosine => (
            &[Bar("α"), Plain("(t)  =  cos"), Sup("2"), Plain("((t + s) / (1 + s) · π / 2),   s = 0.008")],
            "alpha bar of t equals the squared cosine of t plus s over 1 plus s times pi over 2, with s 0.008",
            "The cosine schedule: the steps are evenly spaced in its time t, 0 at the line and 1 at the noise, and divided by its value at 0 \
             (Nichol & Dhariwal 2021, equation 17).",
        ),
        Formula::Linear => (
            &[Bar("α"), Plain("(t)  =  exp(−0.1 t − 19.9 t"), Sup("2"), Plain(" / 2)")],
            "alpha bar of t equals the exponential of minus 0.1 t minus 19.9 t squared over 2",
            "The linear schedule: the rate of noise grows evenly with time t, 0 at the line and 1 at the noise; the steps are evenly spaced in it \
             (Ho et al. 2020; in continuous time Song et al. 2021).",
        ),
        Formula::Karras => (
            &[
                Plain("σ"),
                Sub("i"),
                Plain("  =  (σ"),
                Sub("max"),
                Sup("1/ρ"),
                Plain(" + i / (n − 1) (σ"),
                Sub("min"),
                Sup("1/ρ"),
                Plain(" − σ"),
                Sub("max"),
                Sup("1/ρ"),
                Plain("))"),
                Sup("ρ"),
            ],
            "sigma i is, to the power of rho, sigma max to the 1 over rho plus i over n minus 1 times sigma min to the 1 over rho minus \
             sigma max to the 1 over rho",
            "The noise levels of n steps in Karras' schedule: the larger rho, the closer together the low ones. Behind the last comes 0 \
             (Karras et al. 2022, equation 5).",
        ),
        Formula::Guidance => (
            &[
                Plain("D  =  D"),
                Sub("none"),
                Plain(" + w"),
                Sub("c"),
                Plain(" (D"),
                Sub("cat"),
                Plain(" − D"),
                Sub("none"),
                Plain(") + w"),
                Sub("h"),
                Plain(" (D"),
                Sub("hist,cat"),
                Plain(" − D"),
                Sub("cat"),
                Plain(")"),
            ],
            "D equals D none, plus w c times D cat minus D none, plus w h times D hist cat minus D cat",
            "Guidance: from a guess that knows nothing towards one that knows the category, and on to one that knows the strokes so far as \
             well. Both w at 1 give that last one, larger ones go beyond it (Ho & Salimans 2022; Brooks et al. 2023).",
        ),
        Formula::CategoryGuidance => (
            &[Plain("D  =  D"), Sub("none"), Plain(" + w (D"), Sub("cat"), Plain(" − D"), Sub("none"), Plain(")")],
            "D equals D none, plus w times D cat minus D none",
            "Guidance: from a guess that knows nothing towards one that knows the category; a w above 1 goes beyond it (Ho & Salimans 2022).",
        ),
        Formula::Attention => (
            &[Plain("softmax(q k"), Sup("T"), Plain(" / √d)")],
            "softmax of q times k transposed over the root of d",
            "What each stroke so far counts for, as shares of 1: the better its key k fits the query q, both of d numbers, the more \
             (Vaswani et al. 2017).",
        ),
        Formula::History => (
            &[
                Plain("p(s"),
                Sub("1"),
                Plain(", s"),
                Sub("2"),
                Plain(", …)  =  p(s"),
                Sub("1"),
                Plain(") p(s"),
                Sub("2"),
                Plain(" | s"),
                Sub("1"),
                Plain(") …"),
            ],
            "p of s 1, s 2 and so on equals p of s 1 times p of s 2 given s 1 and so on",
            "A drawing is as likely as its strokes s are, each given those before it.",
        ),
        Formula::Stop => (
            &[Plain("p(stop after k | s"), Sub("1"), Plain(" … s"), Sub("k"), Plain(")")],
            "p of stop after k given s 1 to s k",
            "One number between 0 and 1, read off the same history. A random number below it ends the drawing.",
        ),
    }
}
