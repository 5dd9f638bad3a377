use super::{Description, LAYERS};

#[test]
fn every_description_is_sound() {
    for layer in LAYERS {
        if let Err(error) = Description::parse(layer.source) {
            panic!("{}: {error} at {:?}", layer.name, error.span().start());
        }
    }
}

#[test]
fn usages_have_the_options_of_the_descriptions() {
    for layer in LAYERS {
        let description = Description::parse(layer.source).unwrap();
        let options: Vec<String> = description
            .options
            .iter()
            .map(|option| match &option.default {
                None => option.name.to_string(),
                Some(default) => {
                    format!("{} = {}", option.name, default.to_string().replace("0.00001", "1e-5"))
                }
            })
            .collect();
        assert_eq!(format!("{}({})", layer.name, options.join(", ")), layer.usage);
    }
}
