//! Convolutions and pools of pictures, against candle's.

use candle_core::Tensor;
use denoodle::model::ops::{Conv2d, Geometry, Map, Pool};
use proptest::prelude::*;

use crate::check::{difference, numbers, random};

/// A picture (height, width, channels) of these numbers with such a border.
fn map(x: &Tensor, border: [usize; 2]) -> Map {
    let (height, width, channels) = x.dims3().expect("a picture");
    let values: Vec<f32> = x.flatten_all().and_then(|x| x.to_vec1()).expect("numbers");
    Map::new(&values, [height, width, channels], border).expect("a picture")
}

fn values(map: &Map) -> Vec<f64> {
    map.values().into_iter().map(f64::from).collect()
}

/// Candle's is channels first, and its padding is the same on all sides: zeros go around before.
fn by_candle(x: &Tensor, weight: &Tensor, bias: &Tensor, geometry: Geometry, relu: bool) -> candle_core::Result<Tensor> {
    let ([height, width], [above, before]) = (geometry.kernel, geometry.padding);
    let (inputs, outputs) = (x.dim(2)?, bias.dim(0)?);
    let x = x.pad_with_zeros(0, above, above)?.pad_with_zeros(1, before, before)?; // (h + 2 above, w + 2 before, in)
    let x = x.permute((2, 0, 1))?.unsqueeze(0)?.contiguous()?; // (1, in, h + 2 above, w + 2 before)
    let weight = weight.reshape((height, width, inputs, outputs))?.permute((3, 2, 0, 1))?.contiguous()?; // (out, in, kernel h, kernel w)
    let out = x.conv2d(&weight, 0, geometry.stride, 1, 1)?.squeeze(0)?.permute((1, 2, 0))?; // (out h, out w, out)
    let out = out.broadcast_add(bias)?;
    if relu { out.relu() } else { Ok(out) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_convolution_is_candles(
        (height, width) in (1usize..12, 1usize..40), (kernel_height, kernel_width) in (1usize..5, 1usize..5), stride in 1usize..3,
        (above, before) in (0usize..3, 0usize..3), (inputs, outputs) in (1usize..20, 1usize..70), relu: bool, more in 0usize..2, first in 0usize..3,
    ) {
        let geometry = Geometry { kernel: [kernel_height, kernel_width], stride, padding: [above, before] };
        let x = random(&[height, width, inputs], 0);
        let (weight, bias) = (random(&[kernel_height * kernel_width * inputs, outputs], 1), random(&[outputs], 2));
        let flat = |t: &Tensor| t.flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("numbers");
        let conv = Conv2d::new(&flat(&weight), &flat(&bias), geometry, relu).expect("a convolution");
        // A border that is more than is needed does no harm.
        let picture = map(&x, [above + more, before + more]);
        if height + 2 * above < kernel_height || width + 2 * before < kernel_width {
            prop_assert!(conv.forward(&picture, [0, 0]).is_err());
            return Ok(());
        }
        let expected = by_candle(&x, &weight, &bias, geometry, relu).expect("candle's");
        for border in [[0, 0], [1, 2]] {
            let out = conv.forward(&picture, border).expect("a result");
            prop_assert_eq!(&out.dims()[..], expected.dims());
            let off = difference(&values(&out), &numbers(&expected));
            prop_assert!(off < 1e-5, "{off}");
            // What reads it sees zeros around: the sum of windows of a 1 x 1 convolution with that padding is the same.
            prop_assert_eq!(out.border(), border);
        }
        // Into the middle of more channels; the others stay.
        let [out_height, out_width, _] = conv.dims(x.dims().try_into().expect("three")).expect("room");
        let mut wide = map(&random(&[out_height, out_width, outputs + 4], 3), [0, 0]);
        let before = wide.values();
        conv.write(&picture, &mut wide, first).expect("a place");
        for ((now, then), theirs) in wide.values().chunks(outputs + 4).zip(before.chunks(outputs + 4)).zip(numbers(&expected).chunks(outputs)) {
            prop_assert!(now[..first] == then[..first] && now[first + outputs..] == then[first + outputs..]);
            prop_assert!(now[first..first + outputs].iter().zip(theirs).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-3));
        }
    }
}

#[test]
fn borders_are_zero_and_so_many_channels_that_pixels_lie_apart_do_not_matter() {
    let geometry = Geometry { kernel: [3, 3], stride: 1, padding: [0, 0] };
    let x = random(&[4, 5, 1024], 0);
    let (weight, bias) = (random(&[9 * 1024, 3], 1), random(&[3], 2));
    let flat = |t: &Tensor| t.flatten_all().and_then(|t| t.to_vec1::<f32>()).expect("numbers");
    let conv = Conv2d::new(&flat(&weight), &flat(&bias), geometry, false).expect("a convolution");
    let expected = by_candle(&x, &weight, &bias, geometry, false).expect("candle's");
    let inner = conv.forward(&map(&x, [0, 0]), [1, 1]).expect("a result");
    assert!(difference(&values(&inner), &numbers(&expected)) < 1e-5);
    // Its border is read by a second one.
    let (weight, bias) = (random(&[27, 2], 3), random(&[2], 4));
    let geometry = Geometry { padding: [1, 1], ..geometry };
    let second = Conv2d::new(&flat(&weight), &flat(&bias), geometry, true).expect("a convolution");
    let expected = by_candle(&expected, &weight, &bias, geometry, true).expect("candle's");
    let out = second.forward(&inner, [0, 0]).expect("a result");
    assert!(difference(&values(&out), &numbers(&expected)) < 1e-5);
    assert!(second.forward(&map(&x, [0, 0]), [0, 0]).is_err(), "neither the channels nor the border fit");
}

#[test]
fn pools_are_what_their_definitions_say() {
    for (height, width) in [(3, 3), (4, 7), (9, 8), (1, 1), (2, 5)] {
        let x = random(&[height, width, 5], 0);
        let (at, picture) = (numbers(&x), map(&x, [0, 0]));
        let window = |y: usize, x: usize, c: usize| {
            let rows = y.saturating_sub(1)..height.min(y + 2);
            let columns = x.saturating_sub(1)..width.min(x + 2);
            rows.flat_map(|y| columns.clone().map(move |x| (y, x))).map(|(y, x)| at[(y * width + x) * 5 + c]).collect::<Vec<f64>>()
        };
        let every = |step: usize, edge: usize| {
            let ys = (edge..height - edge).step_by(step);
            ys.flat_map(move |y| (edge..width - edge).step_by(step).flat_map(move |x| (0..5).map(move |c| (y, x, c)))).collect::<Vec<_>>()
        };
        let largest = |(y, x, c): (usize, usize, usize)| window(y, x, c).into_iter().fold(f64::MIN, f64::max);
        let mean = |(y, x, c): (usize, usize, usize)| window(y, x, c).iter().sum::<f64>() / window(y, x, c).len() as f64;
        let of = |pool: Pool| pool.forward(&picture, [1, 1]).map(|out| values(&out));
        let expected: Vec<f64> = every(1, 0).into_iter().map(largest).collect();
        assert!(difference(&of(Pool::Max).expect("room"), &expected) < 1e-6);
        let expected: Vec<f64> = every(1, 0).into_iter().map(mean).collect();
        assert!(difference(&of(Pool::Mean).expect("room"), &expected) < 1e-6);
        match of(Pool::HalveMax) {
            Ok(halved) => {
                // The windows around every second pixel that is not at the edge.
                let expected: Vec<f64> = every(2, 1).into_iter().map(largest).collect();
                assert!(difference(&halved, &expected) < 1e-6);
            }
            Err(_) => assert!(height < 3 || width < 3),
        }
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    let geometry = Geometry { kernel: [3, 3], stride: 1, padding: [0, 0] };
    let new = |weights: usize, outputs: usize, geometry| Conv2d::new(&vec![0.0; weights], &vec![0.0; outputs], geometry, true).is_ok();
    assert!(new(18, 2, geometry) && !new(19, 2, geometry) && !new(0, 2, geometry) && !new(18, 0, geometry));
    assert!(!new(18, 2, Geometry { stride: 0, ..geometry }) && !new(18, 2, Geometry { kernel: [0, 3], ..geometry }));
    assert!(Map::new(&[0.0; 6], [1, 2, 3], [0, 0]).is_ok() && Map::new(&[0.0; 7], [1, 2, 3], [0, 0]).is_err());
    assert!(Map::new(&[], [0, 2, 3], [0, 0]).is_err());
}
