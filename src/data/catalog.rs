//! What is known of the data set beforehand: its 345 categories, sizes of the official files, which may be mirrored.

use std::sync::LazyLock;

use crate::config::own;
use crate::util::not_in_names;

/// The official names, in the order of the data set (capitals first), separated by `, `.
const NAMES: &str = "\
    The Eiffel Tower, The Great Wall of China, The Mona Lisa, aircraft carrier, airplane, alarm clock, ambulance, angel, animal \
    migration, ant, anvil, apple, arm, asparagus, axe, backpack, banana, bandage, barn, baseball, baseball bat, basket, basketball, \
    bat, bathtub, beach, bear, beard, bed, bee, belt, bench, bicycle, binoculars, bird, birthday cake, blackberry, blueberry, book, \
    boomerang, bottlecap, bowtie, bracelet, brain, bread, bridge, broccoli, broom, bucket, bulldozer, bus, bush, butterfly, cactus, \
    cake, calculator, calendar, camel, camera, camouflage, campfire, candle, cannon, canoe, car, carrot, castle, cat, ceiling fan, \
    cell phone, cello, chair, chandelier, church, circle, clarinet, clock, cloud, coffee cup, compass, computer, cookie, cooler, \
    couch, cow, crab, crayon, crocodile, crown, cruise ship, cup, diamond, dishwasher, diving board, dog, dolphin, donut, door, \
    dragon, dresser, drill, drums, duck, dumbbell, ear, elbow, elephant, envelope, eraser, eye, eyeglasses, face, fan, feather, \
    fence, finger, fire hydrant, fireplace, firetruck, fish, flamingo, flashlight, flip flops, floor lamp, flower, flying saucer, \
    foot, fork, frog, frying pan, garden, garden hose, giraffe, goatee, golf club, grapes, grass, guitar, hamburger, hammer, hand, \
    harp, hat, headphones, hedgehog, helicopter, helmet, hexagon, hockey puck, hockey stick, horse, hospital, hot air balloon, hot \
    dog, hot tub, hourglass, house, house plant, hurricane, ice cream, jacket, jail, kangaroo, key, keyboard, knee, knife, ladder, \
    lantern, laptop, leaf, leg, light bulb, lighter, lighthouse, lightning, line, lion, lipstick, lobster, lollipop, mailbox, map, \
    marker, matches, megaphone, mermaid, microphone, microwave, monkey, moon, mosquito, motorbike, mountain, mouse, moustache, \
    mouth, mug, mushroom, nail, necklace, nose, ocean, octagon, octopus, onion, oven, owl, paint can, paintbrush, palm tree, panda, \
    pants, paper clip, parachute, parrot, passport, peanut, pear, peas, pencil, penguin, piano, pickup truck, picture frame, pig, \
    pillow, pineapple, pizza, pliers, police car, pond, pool, popsicle, postcard, potato, power outlet, purse, rabbit, raccoon, \
    radio, rain, rainbow, rake, remote control, rhinoceros, rifle, river, roller coaster, rollerskates, sailboat, sandwich, saw, \
    saxophone, school bus, scissors, scorpion, screwdriver, sea turtle, see saw, shark, sheep, shoe, shorts, shovel, sink, \
    skateboard, skull, skyscraper, sleeping bag, smiley face, snail, snake, snorkel, snowflake, snowman, soccer ball, sock, \
    speedboat, spider, spoon, spreadsheet, square, squiggle, squirrel, stairs, star, steak, stereo, stethoscope, stitches, stop \
    sign, stove, strawberry, streetlight, string bean, submarine, suitcase, sun, swan, sweater, swing set, sword, syringe, t-shirt, \
    table, teapot, teddy-bear, telephone, television, tennis racquet, tent, tiger, toaster, toe, toilet, tooth, toothbrush, \
    toothpaste, tornado, tractor, traffic light, train, tree, triangle, trombone, truck, trumpet, umbrella, underwear, van, vase, \
    violin, washing machine, watermelon, waterslide, whale, wheel, windmill, wine bottle, wine glass, wristwatch, yoga, zebra, \
    zigzag";

/// Lines of the official simplified files, where they are known.
const LINES: &[(&str, u64)] = &[("bus", 166_208), ("cat", 123_202), ("rabbit", 155_288)];

/// Categories whose drawings hold writing, or have a fixed left and right: mirrored, they would be wrong.
const FIXED: &[&str] = &[
    "The Mona Lisa",
    "alarm clock",
    "ambulance",
    "book",
    "calculator",
    "calendar",
    "cell phone",
    "clock",
    "compass",
    "hospital",
    "keyboard",
    "map",
    "microwave",
    "passport",
    "piano",
    "police car",
    "postcard",
    "school bus",
    "spreadsheet",
    "stop sign",
    "telephone",
    "toothpaste",
    "wristwatch",
];

/// All 345 official names, sorted by bytes.
pub fn names() -> &'static [&'static str] {
    static SPLIT: LazyLock<Vec<&'static str>> = LazyLock::new(|| NAMES.split(',').map(str::trim).collect());
    &SPLIT
}

/// True for a name of the data set, spelled exactly.
pub fn is_official(name: &str) -> bool {
    names().binary_search(&name).is_ok()
}

/// Lines of the official simplified file, where we know them.
pub fn official_lines(name: &str) -> Option<u64> {
    LINES.iter().find(|(known, _)| *known == name).map(|(_, lines)| *lines)
}

/// True if a mirrored drawing of this category is still a good one. Unknown categories may be mirrored.
pub fn may_mirror(name: &str) -> bool {
    !FIXED.contains(&own::bare(name))
}

/// The official names most like a misspelled one, if any is at most three letters off.
pub fn similar(name: &str) -> Vec<&'static str> {
    let wanted = name.to_lowercase();
    // Nobody misspells a name by making it enormous, and the comparison takes length * length steps.
    if wanted.len() > 64 {
        return Vec::new();
    }
    let near = |known: &&'static str| (changes(&known.to_lowercase(), &wanted), *known);
    let found: Vec<_> = names().iter().map(near).filter(|(d, known)| *d <= 3.min(known.len() / 2)).collect();
    let best = found.iter().map(|(d, _)| *d).min();
    found.into_iter().filter(|(d, _)| Some(*d) == best).map(|(_, known)| known).take(4).collect()
}

/// Letters to insert, delete or replace (Levenshtein).
fn changes(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let replaced = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// Refuses names that could not be a file's name, or would lead out of their folder.
pub fn check_name(name: &str) -> crate::util::Result<()> {
    if name.is_empty() || name.len() > 100 || name.starts_with('.') || name.trim() != name || not_in_names(name).is_some() {
        let shown: String = name.chars().take(60).collect();
        return Err(crate::util::Error::usage(format!("'{}' cannot be the name of a category", shown.escape_debug()))
            .advise("A name has up to 100 letters, digits, blanks or dashes and does not begin with a dot."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_345_sorted_names_and_every_list_uses_them() {
        assert_eq!(names().len(), 345);
        assert!(names().windows(2).all(|pair| pair[0] < pair[1]));
        assert!(names().iter().all(|name| check_name(name).is_ok()));
        for name in FIXED.iter().chain(LINES.iter().map(|(name, _)| name)) {
            assert!(is_official(name), "{name}");
        }
    }

    #[test]
    fn a_misspelled_name_finds_its_neighbours() {
        assert_eq!(similar("Rabit"), ["rabbit"]);
        assert_eq!(similar("the eiffel tower"), ["The Eiffel Tower"]);
        assert!(similar("qqqqqqqqqq").is_empty());
        assert!(similar(&"x".repeat(1 << 20)).is_empty());
    }

    #[test]
    fn a_name_never_leaves_its_folder() {
        for bad in ["", ".", "..", "../cat", "a/b", "a\\b", "c:", " cat", "cat\n", ".hidden"] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }
}
