//! A drawing's way out of noise, as a window shows it: it ends in the drawing itself, and every number in it means what it says.

mod common;

use candle_core::Device;
use common::{head, heads, set, small, trainer};
use denoodle::config::{DrawSettings, SamplerKind};
use denoodle::generate::{self, Artist, Job, Trace};
use denoodle::model::StrokeDiffusion;
use denoodle::model::stroke_diffusion::{History, Reader};
use denoodle::sketch::Sketch;
use denoodle::util::{Cancel, Result};

/// A network that has learnt a little, so that nothing in it is zero.
fn artist(threads: usize) -> Result<Box<dyn Artist>> {
    let mut trainer = trainer(small(), set(heads(30), vec![]), 1, 1);
    for _ in 0..60 {
        trainer.step(Some(100))?;
    }
    generate::of(&trainer.averaged()?, &Device::Cpu, threads)
}

fn job(artist: &dyn Artist, count: usize) -> Job {
    let settings = DrawSettings { steps: 6, guidance: 1.5, category_guidance: 2.0, ..artist.info().preset.draw.clone() };
    Job { category: 0, count, first: 3, seed: 11, settings, start: None }
}

fn drawn(artist: &dyn Artist, job: &Job) -> Result<Vec<Sketch>> {
    artist.draw(job, &Cancel::default(), &mut |_| {})
}

fn strokes(traces: &[Trace]) -> usize {
    traces.iter().map(|trace| trace.parts.len()).sum()
}

#[test]
fn a_trace_ends_in_the_drawing_that_draw_draws() -> Result<()> {
    let artist = artist(2)?;
    for sampler in [SamplerKind::Heun, SamplerKind::Ddim, SamplerKind::Ddpm] {
        let mut job = job(&*artist, 19);
        job.settings.sampler = sampler;
        let traces = artist.trace(&job, &Cancel::default())?;
        let sketches: Vec<Sketch> = traces.iter().map(|trace| trace.sketch.clone()).collect();
        assert_eq!(sketches, drawn(&*artist, &job)?, "{sampler:?}");
        assert!(strokes(&traces) > 19, "more than a stroke each");
        // One alone is the same.
        let alone = Job { count: 1, first: job.first + 12, ..job.clone() };
        assert_eq!(artist.trace(&alone, &Cancel::default())?[0].sketch, sketches[12], "{sampler:?}");
    }
    Ok(())
}

#[test]
fn every_stroke_falls_from_noise_to_the_line_that_was_drawn() -> Result<()> {
    let artist = artist(1)?;
    let job = job(&*artist, 6);
    for trace in artist.trace(&job, &Cancel::default())? {
        assert_eq!(trace.parts.len(), trace.sketch.strokes.len());
        for (k, part) in trace.parts.iter().enumerate() {
            assert_eq!(part.moments.len(), job.settings.steps + 1);
            assert!(part.moments.windows(2).all(|pair| pair[0].sigma > pair[1].sigma));
            let (first, last) = (&part.moments[0], &part.moments[job.settings.steps]);
            assert!((first.sigma / job.settings.sigma_max - 1.0).abs() < 1e-9 && last.sigma == 0.0);
            assert_eq!(last.x_t, last.x0);
            // The last line, with all its points, is the drawn one but for simplification and rounding.
            let (line, stroke) = (&last.x0.strokes[0].points, &trace.sketch.strokes[k].points);
            let near = |p: &[f32; 2]| line.iter().map(|q| (p[0] - q[0]).hypot(p[1] - q[1])).fold(f32::MAX, f32::min);
            assert!(stroke.iter().all(|p| near(p) < 1.0), "stroke {k} lies elsewhere");
            let points = last.x_t.points().count();
            assert!(part.moments.iter().all(|moment| moment.x_t.points().count() == points && moment.x0.points().count() == points));
            assert!(part.moments.iter().all(|moment| moment.lifted.is_empty()));
            // What is predicted early is a mean; late it is nearly what comes of it.
            let way = |at: usize| -> f32 {
                let pairs = part.moments[at].x0.points().zip(last.x0.points());
                pairs.map(|(p, q)| (p[0] - q[0]).hypot(p[1] - q[1])).sum()
            };
            assert!(way(job.settings.steps - 1) < way(0) + 1.0, "stroke {k}: {} and {}", way(job.settings.steps - 1), way(0));
        }
    }
    Ok(())
}

/// A line from its own first point, as long as a unit.
fn alone(sketch: &Sketch) -> Vec<f32> {
    let points: Vec<[f32; 2]> = sketch.points().copied().collect();
    let long: f32 = points.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).sum();
    points.iter().flat_map(|p| [p[0] - points[0][0], p[1] - points[0][1]]).map(|v| v / long).collect()
}

#[test]
fn a_first_stroke_is_guided_by_its_history_as_far_as_it_is_asked_to_be() -> Result<()> {
    let artist = artist(1)?;
    // The first stroke and the last of every drawing, wherever on the canvas they came to lie.
    let drawn = |guidance: f64, first_guidance: f64| -> Result<Vec<[Vec<f32>; 2]>> {
        let mut job = job(&*artist, 6);
        job.settings = DrawSettings { guidance, first_guidance, ..job.settings };
        let ends = |trace: Trace| [0, trace.parts.len() - 1].map(|k| alone(&trace.parts[k].moments[job.settings.steps].x_t));
        Ok(artist.trace(&job, &Cancel::default())?.into_iter().map(ends).collect())
    };
    let apart = |a: &[Vec<f32>; 2], b: &[Vec<f32>; 2], k: usize| {
        assert_eq!(a[0].len(), b[0].len());
        a[k].iter().zip(&b[k]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    };
    let (none, ignored, half, all) = (drawn(1.0, 1.0)?, drawn(3.0, 0.0)?, drawn(3.0, 0.5)?, drawn(3.0, 1.0)?);
    for (none, ignored) in none.iter().zip(&ignored) {
        assert!(apart(none, ignored, 0) < 1e-3, "the first stroke hears of it");
    }
    assert!(none.iter().zip(&ignored).any(|(none, ignored)| none[1] != ignored[1]), "later strokes do not");
    // Guided half as far is as far as half the guidance goes.
    for (half, two) in half.iter().zip(&drawn(2.0, 1.0)?) {
        assert!(apart(half, two, 0) < 1e-3, "half is something else");
    }
    assert!(all.iter().zip(&half).any(|(all, half)| apart(all, half, 0) > 1e-3), "all is no more than half");
    Ok(())
}

#[test]
fn stops_and_attention_are_shares_of_what_came_before() -> Result<()> {
    let artist = artist(1)?;
    let mut some = 0.0f32;
    for trace in artist.trace(&job(&*artist, 6), &Cancel::default())? {
        for (k, part) in trace.parts.iter().enumerate() {
            assert!(part.stop.is_some_and(|stop| (0.0..=1.0).contains(&stop)));
            assert_eq!(trace.stop_before(k), part.stop);
            assert_eq!(part.attention.len(), k, "one share for each earlier stroke");
            let sum: f32 = part.attention.iter().sum();
            assert!(part.attention.iter().all(|share| *share >= 0.0) && sum < 1.0, "the begin token gets the rest: {sum}");
            some = some.max(sum);
        }
        assert_eq!(trace.stop_before(trace.parts.len()), trace.end);
        assert!(trace.end.is_some() || trace.sketch.strokes.len() == 12, "a drawing that is not full ended by a throw");
    }
    assert!(some > 0.05, "nothing is attended to");
    Ok(())
}

#[test]
fn attention_is_what_the_last_block_computes_with() -> Result<()> {
    let trainer = trainer(small(), set(heads(30), vec![]), 1, 1);
    let network: StrokeDiffusion = trainer.averaged()?.network(&Device::Cpu)?;
    let width = network.stroke_width();
    let strokes: Vec<f32> = (0..4 * width).map(|i| (i as f32 * 0.37).sin()).collect();
    let row = |k: usize| candle_core::Tensor::from_slice(&strokes[k * width..(k + 1) * width], (1, width), &Device::Cpu);
    let (mut reader, _) = Reader::begin(&network, &[0], &[0.1])?;
    assert!(reader.attention()?.is_empty());
    for k in 0..4 {
        reader.read(&row(k)?)?;
        let shares = reader.attention()?;
        assert_eq!(shares.len(), k + 1);
        assert!(shares.iter().all(|share| *share > 0.0) && shares.iter().sum::<f32>() < 1.0);
    }
    // A stroke that is not attended to at all could be changed without any effect: here, every one of them has one.
    let all = candle_core::Tensor::from_slice(&strokes, (4, width), &Device::Cpu)?;
    let history = |strokes| History { strokes, lengths: vec![4], categories: vec![0], noise: vec![0.1], dropout: None };
    let states = network.states(&history(all.clone()))?.all;
    let (mut reader, mut state) = Reader::begin(&network, &[0], &[0.1])?;
    for k in 0..4 {
        state = reader.read(&row(k)?)?;
    }
    let apart = (states.narrow(0, 4, 1)? - state)?.abs()?.max_all()?.to_scalar::<f32>()?;
    assert!(apart < 1e-4, "watching changes what is read: {apart}");
    Ok(())
}

#[test]
fn other_settings_beside_it_start_from_the_same_noise_and_change_nothing() -> Result<()> {
    let artist = artist(1)?;
    let job = job(&*artist, 5);
    let alone = artist.trace(&job, &Cancel::default())?;
    let same = artist.trace_beside(&job, &job.settings, &Cancel::default())?;
    let other = DrawSettings { guidance: 1.0, category_guidance: 1.0, steps: 9, ..job.settings.clone() };
    let pairs = artist.trace_beside(&job, &other, &Cancel::default())?;
    let mut changed = 0;
    for (alone, ([_, twin], [trace, beside])) in alone.iter().zip(same.iter().zip(&pairs)) {
        assert_eq!(alone, trace, "what is tried beside it leaves no trace");
        assert_eq!((&twin.parts, &twin.sketch), (&alone.parts, &alone.sketch), "the same settings make the same strokes");
        assert_eq!((beside.parts.len(), beside.sketch.strokes.len()), (trace.parts.len(), trace.sketch.strokes.len()));
        for (now, other) in trace.parts.iter().zip(&beside.parts) {
            assert_eq!(other.moments.len(), 10);
            assert_eq!(now.moments[0].x_t, other.moments[0].x_t, "the very same noise");
            assert_eq!((now.stop, &now.attention), (other.stop, &other.attention), "the very same history");
            changed += usize::from(now.moments[6].x0 != other.moments[9].x0);
        }
    }
    assert!(changed > 0, "guidance has no effect");
    Ok(())
}

#[test]
fn given_strokes_have_no_part_but_are_attended_to() -> Result<()> {
    let artist = artist(1)?;
    let start = Sketch { strokes: head().strokes[..2].to_vec() };
    let job = Job { start: Some(start), ..job(&*artist, 4) };
    let traces = artist.trace(&job, &Cancel::default())?;
    assert_eq!(traces.iter().map(|trace| trace.sketch.clone()).collect::<Vec<_>>(), drawn(&*artist, &job)?);
    for trace in &traces {
        assert_eq!(trace.parts.len() + 2, trace.sketch.strokes.len());
        assert!(trace.parts.iter().enumerate().all(|(k, part)| part.attention.len() == k + 2));
    }
    Ok(())
}

#[test]
fn noise_is_added_to_a_drawing_as_it_is_taken_away() -> Result<()> {
    let artist = artist(1)?;
    let settings = DrawSettings { steps: 8, ..artist.info().preset.draw.clone() };
    let trace = artist.noised(&head(), &settings, 7)?;
    assert_eq!((trace.parts.len(), &trace.sketch), (5, &head()));
    for (part, stroke) in trace.parts.iter().zip(&head().strokes) {
        assert_eq!((part.moments.len(), part.moments[8].sigma), (9, 0.0));
        let clean = &part.moments[8];
        assert_eq!(clean.x_t, clean.x0);
        assert!(part.moments.iter().all(|moment| moment.x0 == clean.x0), "x0 stays all the way");
        // The clean line is the drawing's, as the codec keeps it.
        let near = |p: &[f32; 2]| clean.x0.points().map(|q| (p[0] - q[0]).hypot(p[1] - q[1])).fold(f32::MAX, f32::min);
        assert!(stroke.points.iter().all(|p| near(p) < 6.0), "the codec lost the line");
        let off = |at: usize| -> f32 {
            part.moments[at].x_t.points().zip(clean.x0.points()).map(|(p, q)| (p[0] - q[0]).hypot(p[1] - q[1])).sum()
        };
        assert!(off(7) < off(0) && off(0) > 32.0, "{} at the least noise, {} at the most", off(7), off(0));
    }
    assert_eq!(artist.noised(&head(), &settings, 7)?, trace, "the same seed adds the same noise");
    assert_ne!(artist.noised(&head(), &settings, 8)?, trace);
    let error = artist.noised(&Sketch::default(), &settings, 7).expect_err("nothing to add noise to").to_string();
    assert!(error.contains("empty"), "{error}");
    Ok(())
}

#[test]
fn who_is_told_to_stop_stops() -> Result<()> {
    let artist = artist(1)?;
    let cancel = Cancel::default();
    cancel.cancel(denoodle::util::Reason::Stopped);
    assert!(artist.trace(&job(&*artist, 2), &cancel).is_err());
    Ok(())
}
