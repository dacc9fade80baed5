//! The few statistics that the report needs.

/// The median; of an even number, the mean of the middle two.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// The median of the last third (at least one) of the values: the steady state.
pub fn median_of_last_third(values: &[f64]) -> Option<f64> {
    let keep = values.len().div_ceil(3);
    median(&values[values.len() - keep..])
}

/// The geometric mean of positive values.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let sum: f64 = values.iter().map(|value| value.ln()).sum();
    Some((sum / values.len() as f64).exp())
}

/// The smaller of two measurements that may be missing.
pub fn smaller(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median_of_last_third(&[9.0, 9.0, 9.0, 9.0, 1.0, 2.0]), Some(1.5));
        assert_eq!(median_of_last_third(&[5.0]), Some(5.0));
    }

    #[test]
    fn means() {
        assert_eq!(geometric_mean(&[]), None);
        let mean = geometric_mean(&[1.0, 4.0]).unwrap_or(0.0);
        assert!((mean - 2.0).abs() < 1e-12);
        assert_eq!(smaller(None, Some(1.0)), Some(1.0));
        assert_eq!(smaller(Some(0.5), Some(1.0)), Some(0.5));
    }
}
