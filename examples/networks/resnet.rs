//! A residual network (He, Zhang, Ren and Sun 2016, arXiv 1512.03385) of small images.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Reads a digit of 8x8 pixels. There are `BLOCKS` blocks with `C` channels, and as many with twice
    /// as many on half of the pixels.
    pub ResNet<const C: usize = 16, const BLOCKS: usize = 2>(x: [1, 8, 8]) -> [10] {
        let conv1 = Conv2d(C, 3, padding = 1, bias = false);
        let bn1 = BatchNorm2d();
        let mut h = x >> conv1 >> bn1 >> Relu;
        for i in 0..BLOCKS {
            #[name = "layer1.{i}"]
            let block = Block::<C, 8>;
            h = h >> block;
        }
        let halved = Halved::<C>;
        let mut h = h >> halved;
        for i in 0..BLOCKS {
            #[name = "layer2.{i}"]
            let block = Block::<{ 2 * C }, 4>;
            h = h >> block;
        }
        let fc = Linear(10);
        h >> GlobalAvgPool() >> fc
    }
    loss cross_entropy
    metric accuracy

    Block<const C: usize, const S: usize>(x: [C, S, S]) -> [C, S, S] {
        let conv1 = Conv2d(C, 3, padding = 1, bias = false);
        let bn1 = BatchNorm2d();
        let conv2 = Conv2d(C, 3, padding = 1, bias = false);
        let bn2 = BatchNorm2d();
        Relu(x + (x >> conv1 >> bn1 >> Relu >> conv2 >> bn2))
    }

    /// Twice as many channels of half as many rows and columns.
    Halved<const C: usize>(x: [C, 8, 8]) -> [2 * C, 4, 4] {
        let conv1 = Conv2d(2 * C, 3, stride = 2, padding = 1, bias = false);
        let bn1 = BatchNorm2d();
        let conv2 = Conv2d(2 * C, 3, padding = 1, bias = false);
        let bn2 = BatchNorm2d();
        let downsample = Conv2d(2 * C, 1, stride = 2, bias = false);
        let bn3 = BatchNorm2d();
        let short = x >> downsample >> bn3;
        Relu(short + (x >> conv1 >> bn1 >> Relu >> conv2 >> bn2))
    }
}
// ANCHOR_END: network
