package kit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Address is what an import ID means.
type Address struct {
	// Cloud is the cloud of the object.
	Cloud driver.Descriptor
	// Ref has the parts of the ID.
	Ref driver.Ref
	// Extra is the text of one more part, see Noun.ExtraPart. It is empty if there is none.
	Extra string
}

// ParseID splits an import ID at one of the clouds that support the noun. An ID that is not complete is accepted if it
// can mean one thing only: without the cloud's name, if only one cloud of the configuration has such IDs; without the
// location, if the provider has a default; with the location at the end, after an @. The error shows every form that is
// accepted, with the parts that the ID has.
func (b *Base) ParseID(text string) (Address, error) {
	id := driver.TrimID(text)
	first, _, _ := strings.Cut(id, "/")
	var able []driver.Descriptor
	for _, drv := range b.Drivers {
		d := drv.Descriptor()
		named := strings.EqualFold(first, d.Name)
		if !driver.Supports(drv, b.Noun.Capability) {
			if named {
				first = "" // No cloud can be meant.
			}
			continue
		}
		if named {
			return b.parseIDAt(d, id)
		}
		able = append(able, d)
	}
	if first == "" {
		return Address{}, b.unknownCloud(text, able, nil)
	}
	guesses := map[string]driver.ImportID{}
	var fits []driver.Descriptor
	for _, d := range able {
		guess, ok := d.GuessImportID(b.Noun.IDParts(d.Limits), b.Noun.HasExtraPart(d.Limits), id)
		if !ok {
			continue
		}
		if guesses[d.Name] = guess; b.canUse(d, able) {
			fits = append(fits, d)
		}
	}
	if len(fits) == 1 {
		if address, ok := b.complete(fits[0], guesses[fits[0].Name]); ok {
			return address, nil
		}
	}
	if len(fits) > 1 {
		return Address{}, fmt.Errorf("the import ID %s does not begin with the name of a cloud, and %d clouds have such "+
			"IDs. Expected is one of:%s", driver.Quote(text), len(fits), b.shapes(fits, guesses))
	}
	return Address{}, b.unknownCloud(text, able, guesses)
}

// CloudOf finds a cloud that supports the noun. The error lists those that do.
func (b *Base) CloudOf(name string) (driver.Descriptor, error) {
	if d, ok := b.supporting(name); ok {
		return d, nil
	}
	able := driver.SupportedBy(b.Drivers, b.Noun.Capability)
	return driver.Descriptor{}, errors.New(stop(fmt.Sprintf("the cloud must be %s, not %s%s",
		orList(able), driver.Quote(name), suggest(name, able))))
}

// parseIDAt splits an import ID that begins with the name of a cloud.
func (b *Base) parseIDAt(d driver.Descriptor, id string) (Address, error) {
	parts, extra := b.Noun.IDParts(d.Limits), b.Noun.HasExtraPart(d.Limits)
	exact := d.Name + id[len(d.Name):]
	if read, ok := d.ReadImportID(parts, extra, exact); ok {
		return Address{Cloud: d, Ref: read.Ref, Extra: read.Extra}, nil
	}
	_, err := d.ParseID(parts, exact)
	guess, ok := d.GuessImportID(parts, extra, exact)
	if !ok {
		return Address{}, err
	}
	if address, ok := b.complete(d, guess); ok {
		return address, nil
	}
	return Address{}, fmt.Errorf("%w, here %s", err, d.FilledIDShape(parts, guess.Ref))
}

// complete is what an import ID means if nothing is missing but a location that has a default.
func (b *Base) complete(d driver.Descriptor, guess driver.ImportID) (Address, bool) {
	address := Address{Cloud: d, Ref: guess.Ref, Extra: guess.Extra}
	for _, p := range guess.Missing {
		if p == driver.PartLocation && b.Clouds != nil {
			address.Ref.Location = b.Clouds.Setting(d.Name, d.Limits.LocationField)
		}
		if address.Ref.Part(p) == "" {
			return Address{}, false
		}
	}
	return address, true
}

// canUse reports whether an ID without a cloud's name can be one of this cloud: it is configured, or none is.
func (b *Base) canUse(d driver.Descriptor, able []driver.Descriptor) bool {
	configured := func(d driver.Descriptor) bool {
		return b.Clouds != nil && (b.Clouds.Unknown(d.Name) || b.Clouds.configured(d))
	}
	return configured(d) || !slices.ContainsFunc(able, configured)
}

// unknownCloud is the error of an import ID that no cloud has.
func (b *Base) unknownCloud(id string, able []driver.Descriptor, guesses map[string]driver.ImportID) error {
	return fmt.Errorf("the import ID %s does not begin with the name of a cloud that can do this. Expected is one of:%s",
		driver.Quote(id), b.shapes(able, guesses))
}

// shapes lists the forms of import IDs, with the parts that an ID has by cloud.
func (b *Base) shapes(clouds []driver.Descriptor, guesses map[string]driver.ImportID) (lines string) {
	for _, d := range clouds {
		lines += "\n  " + d.FilledIDShape(b.Noun.IDParts(d.Limits), guesses[d.Name].Ref)
	}
	return lines
}
