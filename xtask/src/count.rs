//! How many tests a test runner says it ran, read from what it prints.

use std::iter::Sum;

/// Tests that passed, and tests that did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

/// Whose output it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    Nextest,
    Doctest,
    Vitest,
    Playwright,
    NodeTest,
}

impl Runner {
    /// The sum of all summaries in the output; nothing where there is none.
    pub(crate) fn count(self, output: &str) -> Option<Count> {
        output
            .lines()
            .filter_map(|line| self.summary(without_colours(line).trim()))
            .reduce(|sum, count| [sum, count].into_iter().sum())
    }

    fn summary(self, line: &str) -> Option<Count> {
        let rest = match self {
            Self::Nextest => line
                .strip_prefix("Summary [")
                .and_then(|rest| rest.split_once("run:"))
                .map(|(_, rest)| rest)?,
            Self::Doctest => line.strip_prefix("test result: ")?,
            Self::Vitest => line.strip_prefix("Tests ")?,
            // It ends with lines such as `12 passed (3.4s)`.
            Self::Playwright if is_number_and_word(line) => line,
            Self::Playwright => return None,
            // It ends with lines such as `# pass 12`.
            Self::NodeTest => return node_test(line),
        };
        let mut count = None;
        let words: Vec<&str> = rest
            .split([' ', ',', ';', '|'])
            .filter(|word| !word.is_empty())
            .collect();
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<u64>() else {
                continue;
            };
            let count = count.get_or_insert_with(Count::default);
            match pair[1] {
                "passed" => count.passed += number,
                // `timed out` and `exec failed` are nextest's, `interrupted` is Playwright's.
                "failed" | "timed" | "exec" | "interrupted" => count.failed += number,
                _ => {}
            }
        }
        count
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            passed: sum.passed + count.passed,
            failed: sum.failed + count.failed,
        })
    }
}

/// A line such as `# pass 12` or `# fail 1`; tests that were given up count as failed.
fn node_test(line: &str) -> Option<Count> {
    let (word, number) = line.strip_prefix("# ")?.split_once(' ')?;
    let number = number.parse().ok()?;
    let (passed, failed) = match word {
        "pass" => (number, 0),
        "fail" | "cancelled" => (0, number),
        _ => return None,
    };
    Some(Count { passed, failed })
}

/// A line such as `1 failed` or `2 passed (12.3s)`, and no sentence that begins like one.
fn is_number_and_word(line: &str) -> bool {
    let mut words = line.split(' ');
    let is_number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    is_number && words.next().is_some() && words.next().is_none_or(|word| word.starts_with('('))
}

/// The line without its terminal escapes, `ESC [ … letter`.
fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| letter.is_ascii_alphabetic());
        plain.push_str(end.map_or("", |end| &part[end + 1..]));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64) -> Count {
        Count { passed, failed }
    }

    #[test]
    fn nextest() {
        let runner = Runner::Nextest;
        let all = "    Starting 3 tests\n     Summary [   0.1s] 3 tests run: 3 passed, 1 skipped\n";
        assert_eq!(runner.count(all), Some(count(3, 0)));
        let some = "     Summary [   9.1s] 5/9 tests run: 1 passed (1 slow), 2 failed, 1 timed out, 1 exec failed, 0 skipped";
        assert_eq!(runner.count(some), Some(count(1, 4)));
        assert_eq!(runner.count("error: could not compile"), None);
    }

    #[test]
    fn doctests_of_several_crates() {
        let output = "test result: ok. 2 passed; 0 failed; 0 ignored; finished in 0.1s\n\
                      test result: FAILED. 1 passed; 1 failed; 0 ignored; finished in 0.2s\n";
        assert_eq!(Runner::Doctest.count(output), Some(count(3, 1)));
    }

    #[test]
    fn vitest_in_colours() {
        let output = " \u{1b}[2m Test Files \u{1b}[22m \u{1b}[1m\u{1b}[32m2 passed\u{1b}[39m\u{1b}[22m (2)\n\
                      \u{1b}[2m      Tests \u{1b}[22m \u{1b}[31m1 failed\u{1b}[39m | \u{1b}[32m7 passed\u{1b}[39m (8)\n";
        assert_eq!(Runner::Vitest.count(output), Some(count(7, 1)));
    }

    #[test]
    fn node_test() {
        let output = "TAP version 13\n# pass the salt\nok 1 - 3 pass\n1..3\n# tests 4\n# suites 0\n# pass 2\n# fail 1\n\
                      # cancelled 1\n# skipped 0\n# duration_ms 12.5\n";
        assert_eq!(Runner::NodeTest.count(output), Some(count(2, 2)));
    }

    #[test]
    fn playwright() {
        let output = "Running 4 tests using 1 worker\n  ✓  1 links.spec.ts:3:1 › 2 passed through (1s)\n\
                      \n  1 failed\n2 passed by in silence\n    links.spec.ts:9:1 › opens\n  1 skipped\n  2 passed (12.3s)\n";
        assert_eq!(Runner::Playwright.count(output), Some(count(2, 1)));
    }
}
