//! What is checked of any network's loss.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use candle_core::{Device, Tensor};
use denoodle::config::Preset;
use denoodle::model::{Coding, Parameter, weights};
use denoodle::train::{Counts, Drawing, Lesson, Losses, Objective, objective};
use denoodle::util::Result;
use denoodle::util::rng::{Stream, normal, stream};

use super::heads;

/// Held by whoever compares bits, or switches between fused operations and their plain twins: the switch is for the whole process.
pub fn alone() -> MutexGuard<'static, ()> {
    static SWITCH: Mutex<()> = Mutex::new(());
    SWITCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Normal numbers, the same for an index.
pub fn random(shape: &[usize], index: u64) -> Tensor {
    let numbers = normal(&mut stream(5, Stream::Noise, index), shape.iter().product());
    Tensor::from_vec(numbers, shape, &Device::Cpu).expect("a tensor")
}

/// A tensor's numbers.
pub fn numbers(x: &Tensor) -> Vec<f32> {
    x.flatten_all().and_then(|x| x.to_vec1()).expect("numbers")
}

/// Other weights than those of the start, where what is behind a closed gate gets no gradient.
pub fn shake(parameters: &[Parameter]) {
    for (i, Parameter { var, .. }) in parameters.iter().enumerate() {
        let by = (random(var.dims(), 100 + i as u64) * 0.2).expect("scaled");
        var.set(&(var.as_tensor() + by).expect("shaken")).expect("set");
    }
}

/// The objective of an untrained network, its weights, and drawings to learn from.
pub fn untrained(preset: &Preset, count: usize) -> (Arc<dyn Objective>, Vec<Parameter>, Vec<Drawing>) {
    let drawings: Vec<Drawing> = heads(count).into_iter().map(|(category, sketch)| (category, sketch.to_model_frame())).collect();
    let coding = Coding::fit(&preset.codec, &drawings, false).expect("movements");
    let mut parameters = Vec::new();
    let mut build = weights::fresh(1, &Device::Cpu, &mut parameters);
    let objective = objective(preset, &coding, 1, &mut build, &Device::Cpu).expect("a network");
    drop(build);
    (objective, parameters, drawings)
}

/// The losses of drawings, and the number to differentiate: the same for a shard.
pub fn losses(objective: &Arc<dyn Objective>, drawings: &[Drawing], lesson: Lesson, shard: u64) -> (Losses, Tensor) {
    let counts = Counts::of(drawings.iter().map(|(_, sketch)| sketch));
    let mut random = stream(3, Stream::Noise, shard);
    objective.clone().prepare(drawings, counts, lesson, &mut random).and_then(|shard| shard.losses()).expect("losses")
}

/// The loss and the gradient of every parameter.
fn gradients(loss: &dyn Fn() -> Result<Tensor>, parameters: &[Parameter]) -> (f32, Vec<Vec<f32>>) {
    let loss = loss().expect("a loss");
    let store = loss.backward().expect("gradients");
    let gradient =
        |parameter: &Parameter| numbers(store.get(&parameter.var).unwrap_or_else(|| panic!("{:?} has no gradient", parameter.weights)));
    (numbers(&loss)[0], parameters.iter().map(gradient).collect())
}

/// Every parameter has a gradient, the same by fused operations and by their plain twins; and, parameter by parameter, the loss changes
/// along it as it says.
pub fn check(loss: &dyn Fn() -> Result<Tensor>, plain: &dyn Fn(bool), parameters: &[Parameter]) {
    let (fused_loss, fused) = gradients(loss, parameters);
    plain(true);
    let (plain_loss, twins) = gradients(loss, parameters);
    plain(false);
    assert!((fused_loss - plain_loss).abs() < 1e-4 * plain_loss.abs(), "{fused_loss} and {plain_loss}");
    let value = || f64::from(numbers(&loss().expect("a loss"))[0]);
    for ((fused, twin), parameter) in fused.iter().zip(&twins).zip(parameters) {
        let names: Vec<_> = parameter.weights.iter().map(|weight| &weight.name).collect();
        let size = twin.iter().fold(0.0f32, |m, v| m.max(v.abs()));
        let off = fused.iter().zip(twin).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(size > 0.0 && off < 1e-3 * size.max(1e-2), "{names:?}: {off} of {size}");
        let square: f64 = fused.iter().map(|g| f64::from(g * g)).sum();
        let var = &parameter.var;
        let (at, along) = (var.as_tensor().copy().expect("a copy"), Tensor::from_slice(fused, var.dims(), &Device::Cpu).expect("a tensor"));
        let moved = |by: f64| {
            var.set(&(&at + (&along * (by / square.sqrt())).expect("scaled")).expect("moved")).expect("set");
            value()
        };
        let by = 2e-3;
        let slope = (moved(by) - moved(-by)) / (2.0 * by);
        moved(0.0);
        // The loss is an f32: differences below its rounding tell nothing.
        let tolerance = 0.02 * square.sqrt() + 4.0 * f64::from(f32::EPSILON) * f64::from(fused_loss.abs()) / by;
        assert!((slope - square.sqrt()).abs() < tolerance, "{names:?}: the loss changes by {slope}, not by {}", square.sqrt());
    }
}
