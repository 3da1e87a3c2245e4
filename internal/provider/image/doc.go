// Package image is the Terraform side of images: the resource and the list resource
// cloudsnap_custom_image, and the data sources cloudsnap_image, cloudsnap_images and cloudsnap_image_stats.
//
// An attribute has one name in five places:
//
//	examples/resources/cloudsnap_custom_image/resource.tf   an example
//	internal/provider/image/schema.go                       type, validators, plan modifiers, description
//	internal/provider/image/model.go                        toSpec and fromImage: Terraform ↔ domain
//	internal/cloud/driver/image.go                          the meaning
//	internal/drivers/<cloud>/convert.go                     domain ↔ wire; beside it, the row of the table
//
// A URL may be a secret, because it may contain a signature. No state, plan, log or message contains the value of
// url_wo; the code for this is in secret.go.
//
// No code here depends on a cloud's name. What differs between clouds comes from their Descriptors.
package image
