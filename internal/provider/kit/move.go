package kit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// MoveState takes over the state of other providers' types, as the clouds list them. A type that no cloud lists is left
// to Terraform, which reports it.
func (b *ResourceBase) MoveState(context.Context) []resource.StateMover {
	var movers []resource.StateMover
	for _, drv := range b.Drivers {
		d := drv.Descriptor()
		for _, m := range d.Moves {
			if m.To == b.Noun.Capability {
				movers = append(movers, resource.StateMover{
					StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
						if m.From(req.SourceProviderAddress, req.SourceTypeName) {
							b.moveState(ctx, d, m, req.SourceRawState, resp)
						}
					},
				})
			}
		}
	}
	return movers
}

// moveState sets what the other provider has stored. The read that follows does the rest, as after an import.
func (b *Base) moveState(
	ctx context.Context, d driver.Descriptor, m driver.Move, raw *tfprotov6.RawState, resp *resource.MoveStateResponse,
) {
	const summary = "Unable to move the state"
	stored, err := storedTexts(raw)
	if err != nil {
		resp.Diagnostics.AddError(summary, fmt.Sprintf("The state of the %s cannot be read: %s.\n\n%s",
			m.Type, Visible(err.Error()), b.moveByImport(d, driver.Ref{})))
		return
	}
	var (
		ref      driver.Ref
		unusable []string
	)
	for _, p := range b.Noun.IDParts(d.Limits) {
		theirs := m.Attributes[b.Noun.Attribute(p)]
		if text := stored[theirs]; d.Accepts(p, text) {
			ref.SetPart(p, text)
		} else {
			unusable = append(unusable, theirs)
		}
	}
	if len(unusable) > 0 {
		resp.Diagnostics.AddError(summary, fmt.Sprintf("The state of the %s has no usable %s, so the %s at %s is not "+
			"known.\n\n%s", m.Type, strings.Join(unusable, " and no usable "), b.Noun.Name, d.Title, b.moveByImport(d, ref)))
		return
	}
	resp.Diagnostics.Append(b.setAddress(ctx, d, ref, &resp.TargetState, resp.TargetIdentity)...)
	for _, ours := range slices.Sorted(maps.Keys(m.Attributes)) {
		// The other framework stores an attribute without a value as an empty text.
		if text := stored[m.Attributes[ours]]; text != "" {
			resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(ours), text)...)
		}
	}
}

// moveByImport is what to do with a state that cannot be moved.
func (b *Base) moveByImport(d driver.Descriptor, ref driver.Ref) string {
	return fmt.Sprintf("Remove the moved block, and remove the old resource from the state with \"terraform state rm\", "+
		"which leaves the %s at the cloud. Then import it by its ID: %s.",
		b.Noun.Name, Visible(d.FilledIDShape(b.Noun.IDParts(d.Limits), ref)))
}

// storedTexts returns the texts and numbers of a stored object as texts. Everything else is left out: versions of the
// other provider differ, and only what a move needs must be there.
func storedTexts(raw *tfprotov6.RawState) (map[string]string, error) {
	var values map[string]any
	decoder := json.NewDecoder(bytes.NewReader(raw.JSON))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for name, value := range values {
		switch value := value.(type) {
		case string:
			texts[name] = value
		case json.Number:
			// 42001 may be stored as 4.2001e+04.
			if n, _, err := big.ParseFloat(value.String(), 10, 512, big.ToNearestEven); err == nil {
				texts[name] = n.Text('f', -1)
			}
		}
	}
	return texts, nil
}
