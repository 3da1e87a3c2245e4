package api

import (
	"context"
	"errors"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// GetVirtualMachine reads one VM. May be repeated.
// Hostinger API: VPS_getVirtualMachineDetailsV1.
func (c *Client) GetVirtualMachine(ctx context.Context, vm int64) (VirtualMachine, error) {
	return httpx.Get(
		ctx,
		c.rest,
		machinePath(vm, ""),
		nil,
		func(m VirtualMachine) error { return sameNumber("VM", m.ID, vm) },
	)
}

// ListVirtualMachines reads all VMs of the account. The answer is one list without pages. May be repeated. Hostinger
// API: VPS_getVirtualMachinesV1.
func (c *Client) ListVirtualMachines(ctx context.Context) ([]VirtualMachine, error) {
	return httpx.Get(ctx, c.rest, machinesPath, nil, func(all []VirtualMachine) error {
		if all == nil {
			return errors.New("it has no list")
		}
		return httpx.HaveIDs("VM", all, func(m VirtualMachine) string { return numberID(m.ID) })
	})
}
