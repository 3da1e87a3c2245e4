package image

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const forcesNew = " Changing this forces a new image to be created."

// fields names the clouds that need a field, those that accept it, and its defaults at the clouds.
func fields(clouds kit.CloudTexts, field driver.ImageField) string {
	return clouds.At("Required at", func(l driver.Limits) bool {
		return slices.Contains(l.Image.Required, field)
	}) + clouds.At("Optional at", func(l driver.Limits) bool {
		return slices.Contains(l.Image.Optional, field)
	}) + clouds.Each("Defaults to", func(l driver.Limits) string { return l.Image.Defaults[field] })
}

// computed names the clouds that have a field, configured or not.
func computed(clouds kit.CloudTexts, field driver.ImageField) string {
	return clouds.Available(func(l driver.Limits) bool { return l.Image.Knows(field) })
}

// filters names the clouds that can narrow a listing by a field.
func filters(clouds kit.CloudTexts, field driver.ImageFilterField) string {
	return clouds.Available(func(l driver.Limits) bool { return slices.Contains(l.Image.FilterFields, field) })
}

func nameLength(l driver.Limits) string { return length("1", l.Image.MaxName) }

func descriptionLength(l driver.Limits) string { return length("up", l.Image.MaxDescription) }

// length is empty where a cloud states no limit.
func length(least string, most int) string {
	if most == 0 {
		return ""
	}
	return fmt.Sprintf("%s to %d characters", least, most)
}

func suffixes(l driver.Limits) string {
	if len(l.Image.Suffixes) == 0 {
		return ""
	}
	return "`" + strings.Join(l.Image.Suffixes, "` or `") + "`"
}
