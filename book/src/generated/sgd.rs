impl<T: Scalar, const STATES: usize, const NESTEROV: bool> Update<T, STATES> for Form<T, NESTEROV> {
    #[inline(always)]
    fn update<S: Simd<T>>(self, simd: S, w: T, g: T, states: &mut [T; STATES]) -> T {
        let lane = |x| simd.lane(x);
        let rule = self.0;
        let w = lane(w);
        let g = lane(rule.weight_decay).mul_add(w, lane(g) * lane(rule.clip));
        let direction = match states.first_mut() {
            None => g,
            Some(velocity) => {
                let moved = lane(rule.momentum).mul_add(lane(*velocity), g);
                *velocity = moved.value;
                if NESTEROV { lane(rule.momentum).mul_add(moved, g) } else { moved }
            }
        };
        lane(rule.rate).mul_add(direction, w).value
    }
}
