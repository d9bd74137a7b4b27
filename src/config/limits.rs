//! The limits of every numeric setting, in one table that presets, command line and window share.

/// One setting's limits and words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Its place in a preset: `train.learning_rate`. The codec's and the model's variants are left out: `model.width`.
    pub field: &'static str,
    /// Sentence case, for the window.
    pub label: &'static str,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// Whole numbers only.
    pub whole: bool,
    /// Spans decades: a slider should be logarithmic.
    pub log: bool,
    /// Its unit; empty if it has none.
    pub unit: &'static str,
    /// One sentence.
    pub explain: &'static str,
}

const fn whole(field: &'static str, label: &'static str, min: f64, max: f64, unit: &'static str, explain: &'static str) -> Limit {
    Limit { field, label, min, max, whole: true, log: false, unit, explain }
}

const fn real(field: &'static str, label: &'static str, min: f64, max: f64, unit: &'static str, explain: &'static str) -> Limit {
    Limit { field, label, min, max, whole: false, log: false, unit, explain }
}

const fn log(field: &'static str, label: &'static str, min: f64, max: f64, unit: &'static str, explain: &'static str) -> Limit {
    Limit { field, label, min, max, whole: false, log: true, unit, explain }
}

/// Every numeric setting of a preset (a test compares this with the schema), then those of a call.
pub const LIMITS: &[Limit] = &[
    whole("codec.points", "Points a stroke", 4.0, 128.0, "points", "Every stroke is divided into so many points, its corners among them."),
    whole(
        "codec.components",
        "Shape components",
        1.0,
        256.0,
        "",
        "Principal components of the shape; straight lines and corners live in the small ones.",
    ),
    real(
        "codec.simplify",
        "Simplify",
        0.0,
        10.0,
        "of 255",
        "Tolerance of the simplification that gives drawn strokes the data set's own corners; 0 keeps every point.",
    ),
    whole(
        "codec.most_points",
        "Most points",
        2.0,
        1024.0,
        "points",
        "A drawing has so many points at most; longer ones are left out of training.",
    ),
    whole(
        "codec.rhythms",
        "Pen rhythms",
        1.0,
        10_000.0,
        "drawings",
        "The model keeps where the pen is lifted in so many training drawings at most: how many points to draw is taken from there.",
    ),
    whole("model.width", "Width", 16.0, 1024.0, "", "Width of the transformer."),
    whole(
        "model.layers",
        "Layers",
        1.0,
        24.0,
        "",
        "Layers of the transformer, or of the recurrent network: more can join more, and take longer.",
    ),
    whole(
        "model.heads",
        "Heads",
        1.0,
        32.0,
        "",
        "How many things each layer of attention can look at side by side; must divide its width.",
    ),
    whole(
        "model.denoiser_width",
        "Denoiser width",
        16.0,
        2048.0,
        "",
        "Width of the network that denoises the next stroke, or the latent vector.",
    ),
    whole(
        "model.denoiser_blocks",
        "Denoiser blocks",
        1.0,
        24.0,
        "",
        "Residual blocks of the network that denoises: how often it mends its guess.",
    ),
    whole(
        "model.max_strokes",
        "Most strokes",
        1.0,
        64.0,
        "strokes",
        "A drawing ends here at the latest; longer ones are left out of training.",
    ),
    whole("model.base", "Channels", 2.0, 512.0, "", "Channels of the U-Net at full length; every level below has twice as many."),
    whole("model.levels", "Levels", 1.0, 6.0, "", "Levels of the U-Net, each with half the points of the one above it."),
    whole("model.blocks", "Blocks a level", 1.0, 8.0, "", "Residual blocks of a level, on the way down and again on the way back."),
    whole(
        "model.encoder",
        "Reader width",
        0.0,
        2048.0,
        "",
        "Width of the network that reads drawings, in each direction; 0 leaves it out, where a system can do without it.",
    ),
    whole("model.decoder", "Writer width", 8.0, 4096.0, "", "Width of the network that writes drawings point by point."),
    whole("model.latent", "Latent numbers", 1.0, 1024.0, "", "Numbers of the vector that says what a drawing will be."),
    whole("model.hidden", "Recurrent width", 8.0, 2048.0, "", "Width of each recurrent layer, in each direction."),
    whole(
        "model.mixtures",
        "Mixture components",
        0.0,
        100.0,
        "",
        "Normal distributions that say where the next point may lie; 0, where a system can do without them, says one point only.",
    ),
    whole(
        "model.reader",
        "Stroke reader width",
        8.0,
        1024.0,
        "",
        "Width of the network that reads the points of the strokes so far, in each direction.",
    ),
    whole(
        "model.stroke_points",
        "Most points a stroke",
        2.0,
        256.0,
        "points",
        "A stroke has so many points at most; those with more are simplified until they have not.",
    ),
    whole("train.steps", "Steps", 1.0, 1e8, "steps", "Training steps, unless you say otherwise."),
    whole("train.batch", "Batch", 1.0, 4096.0, "drawings", "Drawings a step."),
    whole(
        "train.shards",
        "Shards",
        1.0,
        64.0,
        "",
        "A batch is computed in so many parts, each on one thread at most; another number rounds sums otherwise.",
    ),
    log("train.learning_rate", "Learning rate", 1e-6, 0.1, "", "The highest rate; it rises during warm-up and then falls along a cosine."),
    whole("train.warmup_steps", "Warm-up", 0.0, 1e6, "steps", "Steps of linear rise to the learning rate."),
    real("train.final_rate", "Final rate", 0.0, 1.0, "of it", "Share of the learning rate at the end."),
    real("train.beta1", "Beta 1", 0.0, 0.9999, "", "How slowly AdamW's mean gradient forgets."),
    real("train.beta2", "Beta 2", 0.0, 0.99999, "", "How slowly AdamW's mean squared gradient forgets."),
    real("train.weight_decay", "Weight decay", 0.0, 1.0, "", "Pull of the weights towards 0."),
    log("train.clip_norm", "Clip norm", 1e-3, 1000.0, "", "A gradient longer than this is cut to it."),
    real("train.ema_decay", "EMA decay", 0.0, 0.99999, "", "How slowly the averaged weights, which draw, follow the trained ones."),
    real("train.sigma_log_mean", "Noise level, mean", -5.0, 5.0, "ln sigma", "Middle of the noise levels that are practised."),
    real("train.sigma_log_std", "Noise level, spread", 0.01, 5.0, "ln sigma", "Spread of the noise levels that are practised."),
    whole(
        "train.noise_draws",
        "Noise draws",
        1.0,
        16.0,
        "",
        "Noise levels practised for every stroke or latent vector in a step; what comes before is computed once for all.",
    ),
    log("train.box_weight", "Box weight", 0.01, 100.0, "", "Weight of where a stroke is and how large, against its shape."),
    real("train.component_floor", "Component floor", 0.0, 1.0, "", "Weight of the smallest shape component, against 1 for the largest."),
    real("train.stop_weight", "Stop weight", 0.0, 10.0, "", "Weight of learning when a drawing is finished."),
    real(
        "train.stop_share",
        "Stop share",
        0.0,
        1.0,
        "",
        "Share of that learning which may change the network that reads the strokes, and not only the stop itself.",
    ),
    real(
        "train.pen_weight",
        "Pen weight",
        0.0,
        10.0,
        "",
        "Weight of learning what the pen does: where it is lifted, how long a stroke is, where the drawing is over.",
    ),
    real("train.kl_weight", "KL weight", 0.0, 10.0, "", "Weight of keeping latent vectors near to what they are drawn from."),
    real("train.kl_start", "KL start", 0.0, 1.0, "of it", "Share of that weight at the first step."),
    whole(
        "train.kl_rise_steps",
        "KL rise",
        1.0,
        1e7,
        "steps",
        "How slowly it approaches the whole: after so many steps it is two thirds there.",
    ),
    real("train.kl_floor", "KL floor", 0.0, 10.0, "", "Latent vectors that are this near are not drawn nearer."),
    real(
        "train.teacher_forcing",
        "Teacher forcing",
        0.0,
        1.0,
        "",
        "Share of points that the writer is told as they were drawn, at the first step; for the others it is told its own.",
    ),
    real("train.teacher_forcing_final", "Teacher forcing, final", 0.0, 1.0, "", "What that share falls to."),
    whole(
        "train.teacher_forcing_fall_steps",
        "Teacher forcing, fall",
        1.0,
        1e7,
        "steps",
        "How slowly it falls: after so many steps two thirds of the way are gone.",
    ),
    real(
        "train.history_noise",
        "History noise",
        0.0,
        2.0,
        "sigma",
        "Earlier strokes are blurred by up to this in training, so that small mistakes do not add up in drawing.",
    ),
    real(
        "train.dropout",
        "Dropout",
        0.0,
        0.9,
        "",
        "Share of the numbers inside the network that is left out in training, against learning by heart.",
    ),
    real(
        "train.condition_dropout",
        "Condition dropout",
        0.0,
        1.0,
        "",
        "Share of strokes practised without their history, or of drawings without their category, which makes guidance possible.",
    ),
    real(
        "train.category_dropout",
        "Category dropout",
        0.0,
        1.0,
        "",
        "Share of those that are practised without their category too, which makes guidance by category possible.",
    ),
    real("train.augment.rotate_degrees", "Rotate", 0.0, 180.0, "degrees", "Every drawing is rotated by up to this, either way."),
    real("train.augment.stretch", "Stretch", 0.0, 0.9, "", "Every drawing is stretched by up to this share, either way."),
    whole("train.evaluate_every", "Test every", 1.0, 1e8, "steps", "Steps between two looks at the test drawings."),
    whole("train.save_every", "Save every", 1.0, 1e8, "steps", "Steps between two checkpoints."),
    whole(
        "draw.steps",
        "Denoising steps",
        1.0,
        1000.0,
        "steps",
        "From noise to line in so many steps; for every stroke, where one is drawn after another.",
    ),
    real(
        "draw.guidance",
        "Guidance",
        0.0,
        10.0,
        "",
        "1 draws what is likely; more draws what fits this history or category better than any other.",
    ),
    real("draw.category_guidance", "Category guidance", 0.0, 10.0, "", "The same for the category: more draws what is typical of it."),
    real(
        "draw.place_guidance",
        "Guidance of places",
        0.0,
        1.0,
        "",
        "How much of the guidance counts for where a stroke goes: all of it puts every stroke where most are.",
    ),
    real(
        "draw.size_guidance",
        "Guidance of sizes",
        0.0,
        1.0,
        "of places'",
        "How much of what places get counts for how large a stroke is: all of it makes small strokes smaller than people do.",
    ),
    real(
        "draw.first_guidance",
        "Guidance of the first",
        0.0,
        1.0,
        "",
        "How much of the guidance by history counts for the first stroke, which has nothing before it: all of it makes it long.",
    ),
    log(
        "draw.guidance_from",
        "Guidance from",
        1e-5,
        10_000.0,
        "sigma",
        "Guidance is kept to noise levels up to this: above it costs variety.",
    ),
    real(
        "draw.guidance_to",
        "Guidance down to",
        0.0,
        1000.0,
        "sigma",
        "Guidance is kept to noise levels from this on: below it does little.",
    ),
    real("draw.history_noise", "Claimed history noise", 0.0, 2.0, "sigma", "How much the network should doubt the strokes so far."),
    log("draw.sigma_max", "Largest noise", 0.1, 1000.0, "sigma", "Where denoising starts."),
    log("draw.sigma_min", "Smallest noise", 1e-5, 1.0, "sigma", "The last noise level before the line."),
    real("draw.rho", "Rho", 1.0, 20.0, "", "How the noise levels are spaced: larger puts more of them near the end."),
    real("draw.temperature", "Temperature", 0.01, 2.0, "", "1 draws as it was learnt; less draws what is likelier, and calmer lines."),
    real("call.minutes", "Minutes", 0.01, 100_000.0, "min", "How long to train."),
    real("call.epochs", "Epochs", 0.001, 1000.0, "", "How often every training drawing is seen."),
    whole("call.count", "Drawings", 1.0, 100_000.0, "drawings", "How many to draw."),
    whole(
        "call.continuations",
        "Continuations",
        1.0,
        8.0,
        "",
        "How many ways on behind your strokes, or other drawings of their rhythm, are drawn at once.",
    ),
    whole("call.way", "Drawings on the way", 2.0, 40.0, "drawings", "How many lie on the way between two drawings, its ends among them."),
    whole("call.scored", "Drawings to score", 2.0, 20_000.0, "drawings", "How many drawings each seed is scored with; FID needs many."),
    whole("call.shown", "Drawings to show", 1.0, 40.0, "", "How many drawings of each model are in the picture."),
    whole("call.seeds", "Seeds", 1.0, 100.0, "", "The model draws anew with so many seeds, and scores are averaged over them."),
    whole("call.side", "Side", 40.0, 2048.0, "pixels", "Side of the picture; in a sheet, of every drawing."),
    real("call.speed", "Speed", 0.1, 10.0, "x", "How much faster than usual a GIF is drawn."),
    real("call.line", "Line width", 0.1, 10.0, "%", "In percent of a drawing's side."),
    whole("call.threads", "Threads", 1.0, 256.0, "threads", "CPU threads for the work."),
];

/// The limit of a setting; every field named in code is in the table (a test holds it).
pub fn limit(field: &str) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.field == field)
}

impl Limit {
    /// Says what is wrong with a value, if anything is.
    pub fn complaint(&self, value: f64) -> Option<String> {
        let Self { min, max, unit, .. } = self;
        if !(*min..=*max).contains(&value) {
            return Some(format!(
                "{} is {value}, but must lie between {min} and {max}{}{unit}",
                self.field,
                if unit.is_empty() { "" } else { " " }
            ));
        }
        (self.whole && value.fract() != 0.0).then(|| format!("{} is {value}, but must be a whole number", self.field))
    }
}
