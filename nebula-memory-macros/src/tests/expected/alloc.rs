fn value() {
    match ::nebula_memory::__private::Building::new(
        (a).alloc_uninit(),
        |(field_0, field_1)| Point::<u8> {
            x: field_0,
            y: field_1,
        },
        |whole| {
            let _ = (&whole.x, &whole.y);
        },
        |(field_0, field_1), whole| {
            #[allow(clippy::needless_update)]
            let whole = Point::<u8> {
                x: field_0,
                y: field_1,
                ..whole
            };
            whole
        },
    ) {
        building => {
            match unsafe {
                ::nebula_memory::__private::FieldSlot::new(
                    &raw mut (*building.as_mut_ptr()).x,
                )
            } {
                field => field.write(1),
            }
            match unsafe {
                ::nebula_memory::__private::FieldSlot::new(
                    &raw mut (*building.as_mut_ptr()).y,
                )
            } {
                field => field.write(f()?),
            }
            unsafe { building.finish() }
        }
    }
}
