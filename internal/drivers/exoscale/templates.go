package exoscale

import (
	"cmp"
	"context"
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
)

// Image reads a template. It has no state: a template that can be read is complete.
func (c *client) Image(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Image{}, err
	}
	t, err := z.GetTemplate(ctx, ref.ObjectID)
	if err != nil {
		return driver.Image{}, err
	}
	return imageFromWire(t, ref.Location), nil
}

// Images lists the templates of a zone, by default the private ones.
func (c *client) Images(ctx context.Context, filter driver.ImageFilter) iter.Seq2[[]driver.Image, error] {
	list := driver.Unpaged(func() ([]api.Template, error) {
		z, err := c.zone(ctx, filter.Location)
		if err != nil {
			return nil, err
		}
		list, err := z.ListTemplates(ctx, api.TemplateQuery{
			Visibility: cmp.Or(filter.Visibility, visibilityPrivate),
			Family:     filter.Family,
		})
		return list.Templates, err
	})
	return driver.Convert(list, func(t api.Template) (driver.Image, bool) {
		return imageFromWire(t, filter.Location), true
	})
}

// CreateImage starts the download of a file as a template.
func (c *client) CreateImage(ctx context.Context, spec driver.ImageSpec) (driver.Image, driver.Operation, error) {
	z, err := c.zone(ctx, spec.Location)
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	op, err := z.RegisterTemplate(ctx, imageSpecToWire(spec))
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	return newTemplate(op, driver.Ref{Location: spec.Location}, spec.Name, spec.Description)
}

// UpdateImage starts to change a template's name and description.
func (c *client) UpdateImage(ctx context.Context, ref driver.Ref, change driver.ImageChange) (driver.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Operation{}, err
	}
	op, err := z.UpdateTemplate(ctx, ref.ObjectID, imageChangeToWire(change))
	if err != nil {
		return driver.Operation{}, err
	}
	return accepted(op, driver.Ref{Location: ref.Location})
}

// DeleteImage starts to delete a template. It is deleted when the operation succeeds.
func (c *client) DeleteImage(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Operation{}, err
	}
	op, err := z.DeleteTemplate(ctx, ref.ObjectID)
	if err != nil {
		return driver.Operation{}, err
	}
	return deleting(op, ref)
}

// PromoteSnapshot starts to create a template from a snapshot, in the zone of the snapshot.
func (c *client) PromoteSnapshot(ctx context.Context, spec driver.PromoteSpec) (driver.Image, driver.Operation, error) {
	z, err := c.object(ctx, spec.Snapshot)
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	op, err := z.PromoteSnapshotToTemplate(ctx, spec.Snapshot.ObjectID, promoteSpecToWire(spec))
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	// The operation contains the snapshot, so that a reference to it is not taken for the template.
	from := driver.Ref{Location: spec.Snapshot.Location, SourceID: spec.Snapshot.ObjectID}
	description := ""
	if spec.Description != nil {
		description = *spec.Description
	}
	return newTemplate(op, from, spec.Name, description)
}

// newTemplate is a template in creation, with the operation to wait for. It can be read once the operation has
// succeeded.
func newTemplate(op api.Operation, from driver.Ref, name, description string) (driver.Image, driver.Operation, error) {
	operation, err := accepted(op, from)
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	operation.PollObject = true
	return driver.Image{
		ID:          statusFromWire(op, operation).ObjectID,
		Location:    from.Location,
		Name:        name,
		Description: description,
		State:       driver.StateCreating,
		Visibility:  visibilityPrivate,
	}, operation, nil
}
