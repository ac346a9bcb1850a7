/* How a row lies in memory. The generator writes structs of the same members in the same order; the rules here are those
 * of the platforms' ABIs: each member at the next multiple of its alignment, the whole padded to its largest. */
#include "schema/row_layout.h"

static size_t row_layout_round(size_t at, size_t alignment) { return (at + alignment - 1) / alignment * alignment; }

size_t row_layout_add(struct row_layout *layout, size_t size, size_t alignment) {
    size_t offset = row_layout_round(layout->end, alignment);
    layout->end = offset + size;
    if (alignment > layout->alignment)
        layout->alignment = alignment;
    return offset;
}

void row_layout_attributes(struct row_layout *layout, kin_model *model) {
    for (size_t i = 0; i < model->attribute_count; i++) {
        struct attribute *attribute = &model->attributes[i];
        attribute->info.size = storage_size(attribute->storage);
        attribute->info.offset = row_layout_add(layout, attribute->info.size, storage_alignment(attribute->storage));
    }
}

size_t row_layout_size(const struct row_layout *layout) {
    return layout->alignment == 0 ? 0 : row_layout_round(layout->end, layout->alignment);
}
